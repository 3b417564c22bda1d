import type { Landmarks } from '@gaitway/capture/landmarks';
import { decodeFrames } from '@gaitway/capture/video/decode';
import type { FfmpegTools } from '@gaitway/capture/video/ffmpeg';
import { type PreviewBody, type PreviewRunning, renderPreview } from '@gaitway/preview/render-preview';
import type { PreviewSource } from '@gaitway/preview/source-view';
import type { ExtraFiles, ShownMotion } from './deliver-clip.ts';
import type { ClipOrigin } from './manifest.ts';
import type { OutputFolder, StoredFile } from './output-folder.ts';
import type { ProgressReporter } from './progress.ts';

export const PREVIEW_NAME = 'preview.mp4';

export interface PreviewInput {
  readonly sourcePath: string;
  readonly origin: ClipOrigin;
  /** Drawn over the source; a clip that comes from a file has none. */
  readonly landmarks?: Landmarks;
  readonly tools: FfmpegTools;
  readonly output: OutputFolder;
  readonly progress: ProgressReporter;
  readonly signal?: AbortSignal;
}

/** The stage that films the delivered motion beside its source, decoding the source a second time at the size that is shown. */
export const makePreview =
  ({ sourcePath, origin, landmarks, tools, output, progress, signal }: PreviewInput): ExtraFiles =>
  async (shown) => {
    const { source, trim } = origin;
    const frames = (maxLongSidePx: number) =>
      decodeFrames(sourcePath, source, {
        trimStartSec: trim.startSec,
        trimEndSec: trim.endSec,
        ffmpeg: tools,
        maxLongSidePx,
        ...(signal && { signal }),
      });
    const film = await filmMotion(shown, output, {
      source: { frames, widthPx: source.widthPx, heightPx: source.heightPx, ...(landmarks && { landmarks }) },
      ffmpegPath: tools.ffmpeg,
      onProgress: (done, total) => progress.report('packaging', done, total),
      ...(signal && { signal }),
    });
    return { files: [film], warnings: [] };
  };

export interface FilmOptions extends PreviewRunning {
  /** Shown beside the motion, if there is one. */
  readonly source?: PreviewSource;
}

/** Films a delivered motion into the folder. */
export async function filmMotion(shown: ShownMotion, output: OutputFolder, { source, ...running }: FilmOptions): Promise<StoredFile> {
  const outPath = output.pathFor(PREVIEW_NAME);
  const beside = shown.beside && bodyOf(shown.beside);
  await renderPreview({ ...bodyOf(shown), outPath, ...(source && { source }), ...(beside && { beside }) }, running);
  return output.adopt(PREVIEW_NAME, 'video/mp4');
}

const bodyOf = ({ motion, leadInSec = 0, previewBody }: Omit<ShownMotion, 'beside'>): PreviewBody => ({
  motion,
  leadInSec,
  ...(previewBody && { capsules: previewBody }),
});
