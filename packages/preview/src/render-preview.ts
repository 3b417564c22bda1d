import type { CapsuleBody } from '@gaitway/motion/capsule-body';
import { type Clip, clipDurationSec } from '@gaitway/motion/clip';
import { GaitwayError } from '@gaitway/motion/errors';
import { createCanvas } from '@napi-rs/canvas';
import { Encoder } from './encoder.ts';
import { LAYOUT_ALONE, type Layout, layoutFor } from './layout.ts';
import { type PreviewSource, SourceView } from './source-view.ts';
import { StageView } from './stage.ts';

export interface PreviewInput {
  /** Shown beside the motion; without it the motion fills the picture. */
  readonly source?: PreviewSource;
  /** The motion as it was delivered, floor at y = 0. */
  readonly motion: Clip;
  /** Drawn instead of a body on the bones: a robot's own shape, with what is wrong with it. */
  readonly capsules?: CapsuleBody;
  readonly outPath: string;
}

export interface PreviewRunning {
  readonly ffmpegPath: string;
  readonly onProgress?: (framesDone: number, framesTotal: number) => void;
  readonly signal?: AbortSignal;
}

/** Faster films are shown at a divisor of their rate: nobody sees more. */
const HIGHEST_FPS = 30;
const BACKGROUND = 'rgb(14,16,20)';

/** 24 → 24, 30 → 30, 60 → 30, 120 → 30. */
const previewFps = (fps: number): number => fps / Math.max(1, Math.ceil(fps / HIGHEST_FPS));

/**
 * Films the delivered motion: the source with the skeleton drawn over it on the left, the body on a floor grid with planted feet
 * marked on the right. Writes an H.264 MP4 to `outPath`. Memory does not grow with the length of the clip.
 */
export async function renderPreview(input: PreviewInput, running: PreviewRunning): Promise<void> {
  const layout = input.source ? layoutFor(input.source.widthPx, input.source.heightPx) : LAYOUT_ALONE;
  const fps = previewFps(input.motion.fps);
  const { ffmpegPath, signal } = running;
  const { widthPx, heightPx } = layout;
  const encoder = new Encoder({ ffmpegPath, outPath: input.outPath, widthPx, heightPx, fps, ...(signal && { signal }) });
  try {
    await film(input, layout, fps, encoder, running);
    await encoder.finish();
  } finally {
    await encoder.dispose();
  }
}

async function film(
  input: PreviewInput,
  layout: Layout,
  fps: number,
  encoder: Encoder,
  { onProgress, signal }: PreviewRunning,
): Promise<void> {
  const { motion, capsules } = input;
  const total = Math.round(clipDurationSec(motion) * fps) + 1;
  const canvas = createCanvas(layout.widthPx, layout.heightPx);
  const context = canvas.getContext('2d');
  context.fillStyle = BACKGROUND;
  context.fillRect(0, 0, layout.widthPx, layout.heightPx);
  const stage = new StageView(motion, layout.stageWidthPx, layout.heightPx, capsules);
  const source = input.source && new SourceView(input.source, layout);
  try {
    for (let k = 0; k < total; k++) {
      if (signal?.aborted) throw new GaitwayError('canceled');
      await source?.drawAt(context, k / fps);
      const frame = Math.min(motion.frameCount - 1, Math.round((k / fps) * motion.fps));
      context.putImageData(stage.render(frame), layout.sourceWidthPx, 0);
      await encoder.write(canvas.data());
      onProgress?.(k + 1, total);
    }
  } finally {
    await source?.close();
  }
}
