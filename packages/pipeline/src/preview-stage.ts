import type { Landmarks } from '@gaitway/capture/landmarks';
import { decodeFrames } from '@gaitway/capture/video/decode';
import type { FfmpegTools } from '@gaitway/capture/video/ffmpeg';
import { renderPreview } from '@gaitway/preview/render-preview';
import type { ExtraFiles } from './deliver-clip.ts';
import type { ClipOrigin } from './manifest.ts';
import type { OutputFolder } from './output-folder.ts';
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
  async ({ motion, previewBody }) => {
    const { source, trim } = origin;
    const frames = (maxLongSidePx: number) =>
      decodeFrames(sourcePath, source, {
        trimStartSec: trim.startSec,
        trimEndSec: trim.endSec,
        ffmpeg: tools,
        maxLongSidePx,
        ...(signal && { signal }),
      });
    await renderPreview(
      {
        frames,
        sourceWidthPx: source.widthPx,
        sourceHeightPx: source.heightPx,
        motion,
        ...(previewBody && { capsules: previewBody }),
        outPath: output.pathFor(PREVIEW_NAME),
        ...(landmarks && { landmarks }),
      },
      {
        ffmpegPath: tools.ffmpeg,
        onProgress: (done, total) => progress.report('packaging', done, total),
        ...(signal && { signal }),
      },
    );
    return { files: [await output.adopt(PREVIEW_NAME, 'video/mp4')], warnings: [] };
  };
