import { type Canvas, createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { Layout } from './layout.ts';
import { drawOverlay, type OverlayLandmarks } from './overlay.ts';
import { type PreviewFrame, toRgba } from './source-picture.ts';

/** The video that a motion was made from. */
export interface PreviewSource {
  /** Opens the video, scaled so that its longer side has at most so many pixels, from the start of the clip. */
  readonly frames: (maxLongSidePx: number) => AsyncIterable<PreviewFrame>;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Drawn over the pictures, where there are some. */
  readonly landmarks?: OverlayLandmarks;
}

const TIME_TOLERANCE_SEC = 0.002;

/** The left half: walks through the source in step with the film and keeps the newest picture that is not in the future. */
export class SourceView {
  readonly #iterator: AsyncIterator<PreviewFrame>;
  readonly #landmarks: OverlayLandmarks | undefined;
  readonly #layout: Layout;
  #image: ImageData | null = null;
  #scratch: Canvas | null = null;
  #next: IteratorResult<PreviewFrame> | null = null;
  #landmark = 0;

  constructor({ frames, landmarks }: PreviewSource, layout: Layout) {
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
