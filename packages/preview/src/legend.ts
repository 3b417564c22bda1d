import {
  CAPSULE_FLOATS,
  CAPSULE_JOINT,
  CAPSULE_OVERLAPS,
  CAPSULE_SLIDES,
  CAPSULE_SUNK,
  CAPSULE_UNSURE,
  type CapsuleBody,
} from '@gaitway/motion/capsule-body';
import type { SKRSContext2D } from '@napi-rs/canvas';
import { drawWord, wordWidth } from './letters.ts';
import { type Colour, css, FLOATS, JOINT, MIDDLE, OVERLAPS, SLIDES, SUNK, UNSURE } from './palette.ts';

/** What each mark of a capsule is called and coloured. */
const MARKS: readonly (readonly [mark: number, word: string, colour: Colour])[] = [
  [CAPSULE_UNSURE, 'guessed', UNSURE],
  [CAPSULE_SLIDES, 'slides', SLIDES],
  [CAPSULE_FLOATS, 'floats', FLOATS],
  [CAPSULE_SUNK, 'in the floor', SUNK],
  [CAPSULE_JOINT, 'joint limit', JOINT],
  [CAPSULE_OVERLAPS, 'touches', OVERLAPS],
];

export const MARK_COLOURS: ReadonlyMap<number, Colour> = new Map(MARKS.map(([mark, , colour]) => [mark, colour]));

/** Words and colours of the marks that a film shows at least once. */
export type Legend = readonly (readonly [word: string, colour: Colour])[];

export function legendOf({ marks }: CapsuleBody): Legend {
  const seen = new Set(marks);
  return MARKS.filter(([mark]) => seen.has(mark)).map(([, word, colour]) => [word, colour]);
}

const LINE_PX = 14;
const MARGIN_PX = 10;
const DOT_PX = 7;

/** Writes a legend upwards from the lower left corner of a panel. */
export function drawLegend(context: SKRSContext2D, legend: Legend, leftPx: number, bottomPx: number): void {
  for (const [k, [word, colour]] of legend.entries()) {
    const x = leftPx + MARGIN_PX;
    const y = bottomPx - MARGIN_PX - (legend.length - k) * LINE_PX;
    context.fillStyle = 'rgba(14,16,20,0.6)';
    context.fillRect(x - 3, y - 3, DOT_PX + 9 + wordWidth(word), LINE_PX);
    context.fillStyle = css(colour);
    context.fillRect(x, y, DOT_PX, DOT_PX);
    context.fillStyle = css(MIDDLE);
    drawWord(context, word, x + DOT_PX + 4, y);
  }
}
