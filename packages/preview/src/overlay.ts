import type { SKRSContext2D } from '@napi-rs/canvas';
import { type Colour, css, LEFT, MIDDLE, RIGHT } from './palette.ts';

/** The landmarks that are drawn over the source: a part of what the capture returns, in pixels of the upright source picture. */
export interface OverlayLandmarks {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameCount: number;
  /** `frameCount`, seconds from the start of the clip. */
  readonly timesSec: Float64Array;
  readonly found: Uint8Array;
  /** `frameCount × 33 × 3`, BlazePose order; x and y are used. */
  readonly imagePx: Float32Array;
  /** `frameCount × 33`, 0..1. */
  readonly visibility: Float32Array;
}

const POINTS = 33;
/** Pairs of BlazePose landmarks that are joined by a line; odd numbers are the left side of the body. */
const LINES: readonly (readonly [number, number, Colour])[] = [
  [11, 12, MIDDLE],
  [23, 24, MIDDLE],
  [11, 23, MIDDLE],
  [12, 24, MIDDLE],
  [11, 13, LEFT],
  [13, 15, LEFT],
  [15, 19, LEFT],
  [23, 25, LEFT],
  [25, 27, LEFT],
  [27, 29, LEFT],
  [29, 31, LEFT],
  [27, 31, LEFT],
  [12, 14, RIGHT],
  [14, 16, RIGHT],
  [16, 20, RIGHT],
  [24, 26, RIGHT],
  [26, 28, RIGHT],
  [28, 30, RIGHT],
  [30, 32, RIGHT],
  [28, 32, RIGHT],
  [7, 0, LEFT],
  [8, 0, RIGHT],
];
const DOTS = [0, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28, 31, 32];
const FAINTEST = 0.18;

/** Draws the skeleton of frame `frame` into the rectangle of the source; less visible parts are fainter. */
export function drawOverlay(
  context: SKRSContext2D,
  landmarks: OverlayLandmarks,
  frame: number,
  place: { readonly topPx: number; readonly widthPx: number; readonly heightPx: number },
): void {
  if (!landmarks.found[frame]) return;
  const scaleX = place.widthPx / landmarks.widthPx;
  const scaleY = place.heightPx / landmarks.heightPx;
  const x = (point: number): number => landmarks.imagePx[(frame * POINTS + point) * 3] * scaleX;
  const y = (point: number): number => place.topPx + landmarks.imagePx[(frame * POINTS + point) * 3 + 1] * scaleY;
  const seen = (point: number): number => Math.max(FAINTEST, landmarks.visibility[frame * POINTS + point]);
  const widthPx = Math.max(2, place.heightPx / 170);
  context.save();
  context.beginPath();
  context.rect(0, place.topPx, place.widthPx, place.heightPx);
  context.clip();
  context.lineCap = 'round';
  const strokeLines = (extraPx: number, colourOf: (colour: Colour, alpha: number) => string): void => {
    for (const [a, b, colour] of LINES) {
      context.strokeStyle = colourOf(colour, Math.min(seen(a), seen(b)));
      context.lineWidth = widthPx + extraPx;
      context.beginPath();
      context.moveTo(x(a), y(a));
      context.lineTo(x(b), y(b));
      context.stroke();
    }
  };
  strokeLines(widthPx * 0.8, (_, alpha) => `rgba(10,12,16,${0.55 * alpha})`);
  strokeLines(0, css);
  for (const point of DOTS) {
    context.fillStyle = `rgba(255,255,255,${seen(point)})`;
    context.beginPath();
    context.arc(x(point), y(point), widthPx * 0.75, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}
