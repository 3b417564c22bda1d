import type { CapsuleBody } from '@gaitway/motion/capsule-body';
import { type Clip, clipDurationSec } from '@gaitway/motion/clip';
import { GaitwayError } from '@gaitway/motion/errors';
import { type Canvas, createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { Encoder } from './encoder.ts';
import { type Layout, layoutFor } from './layout.ts';
import { drawOverlay, type OverlayLandmarks } from './overlay.ts';
import { type PreviewFrame, toRgba } from './source-picture.ts';
import { StageView } from './stage.ts';

export interface PreviewInput {
  /** Opens the source, scaled so that its longer side has at most so many pixels, from the start of the clip. */
  readonly frames: (maxLongSidePx: number) => AsyncIterable<PreviewFrame>;
  readonly sourceWidthPx: number;
  readonly sourceHeightPx: number;
  /** Drawn over the source, where there are some. */
  readonly landmarks?: OverlayLandmarks;
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
  const layout = layoutFor(input.sourceWidthPx, input.sourceHeightPx);
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
  const source = new SourceView(input, layout);
  try {
    for (let k = 0; k < total; k++) {
      if (signal?.aborted) throw new GaitwayError('canceled');
      await source.drawAt(context, k / fps);
      const frame = Math.min(motion.frameCount - 1, Math.round((k / fps) * motion.fps));
      context.putImageData(stage.render(frame), layout.sourceWidthPx, 0);
      await encoder.write(canvas.data());
      onProgress?.(k + 1, total);
    }
  } finally {
    await source.close();
  }
}

/** The left half: walks through the source in step with the film and keeps the newest picture that is not in the future. */
class SourceView {
  readonly #iterator: AsyncIterator<PreviewFrame>;
  readonly #landmarks: OverlayLandmarks | undefined;
  readonly #layout: Layout;
  #image: ImageData | null = null;
  #scratch: Canvas | null = null;
  #next: IteratorResult<PreviewFrame> | null = null;
  #landmark = 0;

  constructor({ frames, landmarks }: PreviewInput, layout: Layout) {
    this.#iterator = frames(Math.max(layout.sourceWidthPx, layout.sourceHeightPx))[Symbol.asyncIterator]();
    this.#landmarks = landmarks;
    this.#layout = layout;
  }

  async drawAt(context: SKRSContext2D, timeSec: number): Promise<void> {
    await this.#advanceTo(timeSec);
    const { sourceTopPx: topPx, sourceWidthPx: widthPx, sourceHeightPx: heightPx } = this.#layout;
    if (this.#scratch) context.drawImage(this.#scratch, 0, topPx, widthPx, heightPx);
    const landmarks = this.#landmarks;
    if (!landmarks || landmarks.frameCount === 0) return;
    while (this.#landmark + 1 < landmarks.frameCount && landmarks.timesSec[this.#landmark + 1] <= timeSec + TIME_TOLERANCE_SEC)
      this.#landmark++;
    drawOverlay(context, landmarks, this.#landmark, { topPx, widthPx, heightPx });
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  /** Shows the last picture at or before a time; the first one is shown from the start. */
  async #advanceTo(timeSec: number): Promise<void> {
    for (;;) {
      this.#next ??= await this.#iterator.next();
      if (this.#next.done) return;
      const frame = this.#next.value;
      if (this.#scratch && frame.timeSec > timeSec + TIME_TOLERANCE_SEC) return;
      this.#take(frame);
      this.#next = null;
    }
  }

  #take(frame: PreviewFrame): void {
    const { widthPx, heightPx } = frame;
    if (!this.#scratch || this.#scratch.width !== widthPx || this.#scratch.height !== heightPx) {
      this.#scratch = createCanvas(widthPx, heightPx);
      this.#image = new ImageData(widthPx, heightPx);
    }
    if (!this.#image) return;
    toRgba(this.#image.data, frame);
    this.#scratch.getContext('2d').putImageData(this.#image, 0, 0);
  }
}

const TIME_TOLERANCE_SEC = 0.002;
