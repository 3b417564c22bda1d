import type { Luma } from '../camera-motion/luma-pyramid.ts';
import type { Box } from '../preflight/box.ts';

/** The background of a shot: pictures laid over each other without the people in them. */
export interface Plate {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Mean luma, `unit` steps a grey value. */
  readonly values: Int16Array;
  readonly unit: number;
  /** Not 0 where pictures were seen in different number around a pixel, or in none: what looks like an edge there may be a seam. */
  readonly seams: Uint8Array;
}

/** People move beyond the boxes around what is visible of them, by this part of the longer side. */
const PERSON_MARGIN = 0.06;
/** Steps of the mean for a grey value: the slope of a step from black to white still fits into 16 bits. */
const UNIT = 16;

/** Lays pictures over each other. */
export class PlateMaker {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly #sums: Uint16Array;
  readonly #counts: Uint8Array;

  constructor(widthPx: number, heightPx: number) {
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.#sums = new Uint16Array(widthPx * heightPx);
    this.#counts = new Uint8Array(widthPx * heightPx);
  }

  /** Adds a picture, up to 255 of them. */
  add({ y }: Luma, people: readonly Box[]): void {
    for (let row = 0; row < this.heightPx; row++) {
      const from = row * this.widthPx;
      let x = 0;
      for (const [left, right] of spansOf(people, row, this.widthPx)) {
        this.#addRow(y, from + x, from + Math.max(x, left));
        x = Math.max(x, right);
      }
      this.#addRow(y, from + x, from + this.widthPx);
    }
  }

  #addRow(y: Uint8Array, from: number, to: number): void {
    const sums = this.#sums;
    const counts = this.#counts;
    for (let at = from; at < to; at++) {
      sums[at] += y[at];
      counts[at]++;
    }
  }

  finish(): Plate {
    const { widthPx, heightPx } = this;
    const counts = this.#counts;
    const values = new Int16Array(widthPx * heightPx);
    const seams = new Uint8Array(widthPx * heightPx);
    for (let at = 0; at < values.length; at++) if (counts[at] > 0) values[at] = (this.#sums[at] * UNIT) / counts[at] + 0.5;
    for (let y = 1; y < heightPx - 1; y++) {
      for (let at = y * widthPx + 1, end = (y + 1) * widthPx - 1; at < end; at++) {
        const c = counts[at];
        const isEven = c === counts[at - 1] && c === counts[at + 1] && c === counts[at - widthPx] && c === counts[at + widthPx];
        if (c === 0 || !isEven) seams[at] = 1;
      }
    }
    const plate = { widthPx, heightPx, values, unit: UNIT, seams };
    markBars(plate);
    return plate;
  }
}

/** Luma up to this is black, whatever the range; bars are looked for in this part of the picture, and end so many pixels later. */
const BLACK = 32;
const WIDEST_BAR = 0.25;
const BAR_EDGE_PX = 3;
/** Every so many pixels of a row or column are looked at. */
const BAR_STEP = 3;

/** Marks black bars around the picture, and where they end, as seams: their edges are no walls. */
function markBars({ widthPx, heightPx, values, seams }: Plate): void {
  const isBlack = (from: number, count: number, step: number): boolean => {
    for (let i = 0; i < count; i += BAR_STEP) if (values[from + i * step] > BLACK * UNIT) return false;
    return true;
  };
  const mark = (lines: number, lineStep: number, count: number, step: number, first: number): void => {
    let bar = 0;
    while (bar < WIDEST_BAR * lines && isBlack(first + bar * lineStep, count, step)) bar++;
    for (let line = 0; bar > 0 && line < bar + BAR_EDGE_PX; line++)
      for (let i = 0; i < count; i++) seams[first + line * lineStep + i * step] = 1;
  };
  mark(heightPx, widthPx, widthPx, 1, 0);
  mark(heightPx, -widthPx, widthPx, 1, (heightPx - 1) * widthPx);
  mark(widthPx, 1, heightPx, widthPx, 0);
  mark(widthPx, -1, heightPx, widthPx, widthPx - 1);
}

/** Columns `[from, to)` of a row that people cover, from left to right; they may overlap. */
function spansOf(people: readonly Box[], row: number, widthPx: number): [number, number][] {
  const spans: [number, number][] = [];
  for (const { leftPx, topPx, widthPx: wide, heightPx: high } of people) {
    const margin = PERSON_MARGIN * Math.max(wide, high);
    if (row < topPx - margin || row > topPx + high + margin) continue;
    const clamp = (x: number): number => Math.max(0, Math.min(widthPx, Math.round(x)));
    spans.push([clamp(leftPx - margin), clamp(leftPx + wide + margin)]);
  }
  return spans.sort((a, b) => a[0] - b[0]);
}
