import { preflight } from '@gaitway/capture/preflight/preflight';
import type { PreflightReport } from '@gaitway/capture/preflight/report';
import { locateFfmpeg } from '@gaitway/capture/video/ffmpeg';

export interface PreflightSourceOptions {
  /** A longer clip does not fit. */
  readonly longSec?: number;
  readonly ffmpegPath?: string;
  readonly ffprobePath?: string;
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
}

/** Says in a moment whether a clip fits, before any work or charge. Rejects only for what is no video. */
export async function preflightSource(path: string, options: PreflightSourceOptions = {}): Promise<PreflightReport> {
  return preflight(path, { ...options, ffmpeg: await locateFfmpeg(options) });
}
