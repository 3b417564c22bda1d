import { throwIfAborted } from '@gaitway/motion/abort';
import type { CapsuleBody } from '@gaitway/motion/capsule-body';
import { type Clip, clipDurationSec } from '@gaitway/motion/clip';
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { Encoder } from './encoder.ts';
import { type Layout, layoutAlone, layoutFor } from './layout.ts';
import { drawLegend, type Legend, legendOf } from './legend.ts';
import { type PreviewSource, SourceView } from './source-view.ts';
import { StageView } from './stage.ts';

/** One body on its own stage. */
export interface PreviewBody {
  /** The motion as it was delivered, floor at y = 0. */
  readonly motion: Clip;
  /** How long the motion runs before the source begins, seconds; by default not at all. */
  readonly leadInSec?: number;
  /** Drawn instead of a body on the bones: a robot's own shape, with what is wrong with it. */
  readonly capsules?: CapsuleBody;
}

export interface PreviewInput extends PreviewBody {
  /** Shown beside the motion; without it the motion fills the picture. */
  readonly source?: PreviewSource;
  /** Another body that the same motion was made for, on a stage of its own to the right. */
  readonly beside?: PreviewBody;
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
  const stages = input.beside ? 2 : 1;
  const layout = input.source ? layoutFor(input.source.widthPx, input.source.heightPx, stages) : layoutAlone(stages);
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
  const canvas = createCanvas(layout.widthPx, layout.heightPx);
  const context = canvas.getContext('2d');
  context.fillStyle = BACKGROUND;
  context.fillRect(0, 0, layout.widthPx, layout.heightPx);
  const bodies = input.beside ? [input, input.beside] : [input];
  const panels = bodies.map((body) => panelOf(body, layout));
  const span = spanOf(bodies);
  const total = Math.round((span.endSec - span.startSec) * fps) + 1;
  const source = input.source && new SourceView(input.source, layout);
  try {
    for (let k = 0; k < total; k++) {
      throwIfAborted(signal);
      const timeSec = span.startSec + k / fps;
      await source?.drawAt(context, timeSec);
      for (const [p, panel] of panels.entries()) drawPanel(context, panel, layout, p, timeSec);
      await encoder.write(canvas.data());
      onProgress?.(k + 1, total);
    }
  } finally {
    await source?.close();
  }
}

/** From where the first body begins to where the last one ends, seconds of the source; who is not there yet or any more holds still. */
const spanOf = (bodies: readonly PreviewBody[]): { readonly startSec: number; readonly endSec: number } => ({
  startSec: Math.min(...bodies.map(({ leadInSec = 0 }) => -leadInSec)),
  endSec: Math.max(...bodies.map(({ motion, leadInSec = 0 }) => clipDurationSec(motion) - leadInSec)),
});

interface Panel {
  readonly stage: StageView;
  readonly motion: Clip;
  readonly leadInSec: number;
  readonly legend: Legend;
}

const panelOf = ({ motion, leadInSec = 0, capsules }: PreviewBody, { stageWidthPx, heightPx }: Layout): Panel => ({
  stage: new StageView(motion, stageWidthPx, heightPx, capsules),
  motion,
  leadInSec,
  legend: capsules ? legendOf(capsules) : [],
});

function drawPanel(context: SKRSContext2D, panel: Panel, layout: Layout, place: number, timeSec: number): void {
  const { stage, motion, leadInSec, legend } = panel;
  const frame = Math.max(0, Math.min(motion.frameCount - 1, Math.round((timeSec + leadInSec) * motion.fps)));
  const leftPx = layout.sourceWidthPx + place * layout.stageWidthPx;
  context.putImageData(stage.render(frame), leftPx, 0);
  drawLegend(context, legend, leftPx, layout.heightPx);
}
