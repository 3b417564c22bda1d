import { LANDMARKS, type LandmarkName } from '../landmarks.ts';
import type { Picture } from './picture.ts';

/**
 * Colours of what somebody wears, as histograms of the trunk and of the thighs: six bins of brightness, then eight by eight of the two
 * differences of colour, both summing to 1, or to 0 where that part of the body was not seen. 2 × 70 numbers.
 */
export type Clothes = Float32Array;

const LUMA_BINS = 6;
const CHROMA_BINS = 8;
const PART_BINS = LUMA_BINS + CHROMA_BINS * CHROMA_BINS;
/** What people wear lies within so many steps of grey. */
const CHROMA_REACH = 64;
/** Samples across and along a part, and how far from its edges they stay, in widths. */
const ACROSS = 6;
const ALONG = 10;
const RIM = 0.2;
const VISIBLE = 0.5;

const corners = (...names: readonly LandmarkName[]): readonly number[] => names.map((name) => LANDMARKS.indexOf(name));
/** Left and right of the upper end of a part, left and right of its lower end. */
const PARTS = [corners('l_shoulder', 'r_shoulder', 'l_hip', 'r_hip'), corners('l_hip', 'r_hip', 'l_knee', 'r_knee')];

/** Landmarks in pixels of the picture, `33 × 3`, and how visible they are, `33`. */
interface SeenLandmarks {
  readonly imagePx: Float32Array;
  readonly visibility: Float32Array;
}

/** What the person with these landmarks wears. */
export function clothesOf(picture: Picture, { imagePx, visibility }: SeenLandmarks): Clothes {
  const out = new Float32Array(PARTS.length * PART_BINS);
  PARTS.forEach((part, p) => {
    if (part.some((corner) => visibility[corner] < VISIBLE)) return;
    const bins = out.subarray(p * PART_BINS, (p + 1) * PART_BINS);
    for (let j = 0; j < ALONG; j++) {
      for (let i = 0; i < ACROSS; i++) {
        const across = RIM + ((1 - 2 * RIM) * (i + 0.5)) / ACROSS;
        const x = Math.round(pointWithin(imagePx, part, 0, across, (j + 0.5) / ALONG));
        const y = Math.round(pointWithin(imagePx, part, 1, across, (j + 0.5) / ALONG));
        if (x >= 0 && y >= 0 && x < picture.widthPx && y < picture.heightPx) addColour(bins, picture, x, y);
      }
    }
    scaleToOne(bins);
  });
  return out;
}

/** A coordinate of the point that lies so far across and along between four corners. */
const pointWithin = (points: Float32Array, [a, b, c, d]: readonly number[], axis: number, across: number, along: number): number =>
  (1 - along) * ((1 - across) * points[a * 3 + axis] + across * points[b * 3 + axis]) +
  along * ((1 - across) * points[c * 3 + axis] + across * points[d * 3 + axis]);

/** Shares a colour among the bins around it, so that a small change of it is a small change of the histogram. */
function addColour(bins: Float32Array, { widthPx, y: luma, u, v }: Picture, x: number, y: number): void {
  const chroma = (y >> 1) * ((widthPx + 1) >> 1) + (x >> 1);
  const [bright, brighter] = shared(luma[y * widthPx + x] / 256, LUMA_BINS);
  bins[bright] += 1 - brighter;
  if (brighter > 0) bins[bright + 1] += brighter;
  const [row, below] = shared((u[chroma] - 128) / (2 * CHROMA_REACH) + 0.5, CHROMA_BINS);
  const [column, right] = shared((v[chroma] - 128) / (2 * CHROMA_REACH) + 0.5, CHROMA_BINS);
  const at = LUMA_BINS + row * CHROMA_BINS + column;
  bins[at] += (1 - below) * (1 - right);
  if (right > 0) bins[at + 1] += (1 - below) * right;
  if (below > 0) bins[at + CHROMA_BINS] += below * (1 - right);
  if (below > 0 && right > 0) bins[at + CHROMA_BINS + 1] += below * right;
}

/** The bin whose middle lies before a value of 0..1, and the share that belongs to the next. */
const shared = (value: number, bins: number): readonly [bin: number, next: number] => {
  const place = Math.max(0, Math.min(bins - 1, value * bins - 0.5));
  return [Math.floor(place), place - Math.floor(place)];
};

function scaleToOne(bins: Float32Array): void {
  const sum = bins.subarray(0, LUMA_BINS).reduce((total, bin) => total + bin, 0);
  if (sum > 0) for (let i = 0; i < bins.length; i++) bins[i] /= sum;
}

/**
 * 0 for the same colours, 1 for none in common: the mean Hellinger distance of what both show; NaN if that is nothing. Measured: one
 * person against their own last second at most 0.42 in 99 of 100 frames, two people in random clothes at least 0.43 in 99 of 100.
 */
export function clothesDistance(a: Clothes, b: Clothes): number {
  let [sum, parts] = [0, 0];
  for (let from = 0; from < a.length; from += PART_BINS) {
    const luma = overlap(a, b, from, from + LUMA_BINS);
    if (isEmpty(a, from) || isEmpty(b, from)) continue;
    const chroma = overlap(a, b, from + LUMA_BINS, from + PART_BINS);
    sum += Math.sqrt(Math.max(0, 1 - (luma + chroma) / 2));
    parts++;
  }
  return sum / parts;
}

const isEmpty = (clothes: Clothes, from: number): boolean => clothes.subarray(from, from + LUMA_BINS).every((bin) => bin === 0);

function overlap(a: Clothes, b: Clothes, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.sqrt(a[i] * b[i]);
  return sum;
}

/** `worn` with a part of `seen` mixed in; parts that `seen` does not show stay as they are. */
export function mixClothes(worn: Clothes, seen: Clothes, share: number): Clothes {
  const out = worn.slice();
  for (let from = 0; from < out.length; from += PART_BINS) {
    if (isEmpty(seen, from)) continue;
    const part = isEmpty(worn, from) ? 1 : share;
    for (let i = from; i < from + PART_BINS; i++) out[i] += part * (seen[i] - worn[i]);
  }
  return out;
}

/** What the examples have in common: their mean, of each part where it was seen. Undefined without an example. */
export function meanClothes(examples: readonly Clothes[]): Clothes | undefined {
  if (examples.length === 0) return undefined;
  const out = new Float32Array(examples[0].length);
  for (let from = 0; from < out.length; from += PART_BINS) {
    const seen = examples.filter((clothes) => !isEmpty(clothes, from));
    for (const clothes of seen) for (let i = from; i < from + PART_BINS; i++) out[i] += clothes[i] / seen.length;
  }
  return out;
}
