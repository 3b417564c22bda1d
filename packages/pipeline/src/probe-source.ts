import { probeVideo } from '@gaitway/capture/video/probe';
import type { VideoInfo } from '@gaitway/capture/video-info';

/** Measures a source without decoding it: what a service asks before it takes a job. Rejects with an error of the catalogue. */
export const probeSource = (
  path: string,
  options: { readonly signal?: AbortSignal; readonly timeoutMs?: number } = {},
): Promise<VideoInfo> => probeVideo(path, options);
