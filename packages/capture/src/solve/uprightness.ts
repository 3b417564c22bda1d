import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Observations } from './observations.ts';

/** How a body stands in its clip, as far as that tells which way is up. */
export type Posture =
  /** Stretched out along the vertical of the picture in some frames. */
  | 'upright'
  /** The trunk is upright, but the legs are never straight: sitting, crouching. */
  | 'bent'
  /** Seen along its length, the head towards the camera: filmed from above. */
  | 'from_above'
  /** Stretched out, but never upright in the picture: lying. */
  | 'lying'
  /** Neither upright nor stretched out: crawling, upside down. */
  | 'never_upright';

export interface BodyLines {
  readonly posture: Posture;
  /** Directions low → high of the frames that speak for the vertical, camera axes with y up and z towards the camera. */
  readonly lines: readonly (readonly number[])[];
}

type Line = readonly [x: number, y: number, z: number];

/** Frames in which feet and shoulders are nearly as far apart as they get: the body is stretched, and so likely upright. */
const STRETCHED = 0.93;
/** Legs and trunk are straight when feet and shoulders are at least this part of their lengths apart. */
const STRAIGHT = 0.85;
const SHOULDERS_SEEN = 0.3;
/**
 * People who stand or walk lean forward from the ankle: the body is balanced over the middle of the foot, not over its end. Mean of
 * captured motion (standing, walking, dancing, boxing): 6° with a standard deviation of 2.5° between clips; a little less is taken
 * off, since who stands upright on purpose leans less.
 */
const FORWARD_LEAN_RAD = (4 * Math.PI) / 180;
/** Seen from above: in this share of the frames the body points at the camera, by this much more than across. */
const ALONG_SHARE = 0.7;
const ALONG_FACTOR = 1.2;

/** @param points `frameCount × 33 × 3`, smoothed landmarks */
export function bodyLines(points: Float64Array, seen: Observations, legs: boolean): BodyLines {
  const frames: number[] = [];
  for (let f = 0; f < seen.frameCount; f++) if (seen.visibility[f * LANDMARK_COUNT + 11] >= SHOULDERS_SEEN) frames.push(f);
  const whole = frames.map((f) => lineOf(points, f, legs ? 27 : 23));
  const lines = whole.filter(isUpright);
  if (lines.length === 0) return offAxis(whole, legs ? bodyLength(points, frames) : Number.POSITIVE_INFINITY);
  const lengths = lines.map(lengthOf).sort((a, b) => a - b);
  const longest = lengths[Math.floor(lengths.length * 0.95)];
  if (legs && longest < STRAIGHT * bodyLength(points, frames)) {
    const trunks = frames.map((f) => lineOf(points, f, 23)).filter(isUpright);
    if (trunks.length > 0) return { posture: 'bent', lines: trunks };
  }
  const stretched = frames.filter((_, i) => isUpright(whole[i]) && lengthOf(whole[i]) >= STRETCHED * longest);
  return { posture: 'upright', lines: stretched.map((f) => (legs ? withoutLean(points, f) : lineOf(points, f, 23))) };
}

/** The line from the ankles to the shoulders, turned back about the body's own left by how much people lean forward. */
function withoutLean(points: Float64Array, f: number): Line {
  const line = lineOf(points, f, 27);
  const at = (landmark: number, k: number): number => points[(f * LANDMARK_COUNT + landmark) * 3 + k];
  const left = [0, 1, 2].map((k) => at(11, k) - at(12, k) + at(23, k) - at(24, k));
  const [x, y, z] = [0, 1, 2].map((k) => left[(k + 1) % 3] * line[(k + 2) % 3] - left[(k + 2) % 3] * line[(k + 1) % 3]);
  const size = Math.hypot(x, y, z);
  if (size === 0) return line;
  const back = (Math.sin(FORWARD_LEAN_RAD) * lengthOf(line)) / size;
  const stays = Math.cos(FORWARD_LEAN_RAD);
  return [line[0] * stays - x * back, line[1] * stays - y * back, line[2] * stays - z * back];
}

/** A line this much across the vertical is that of a body on the floor, not of one on its hands. */
const FLAT_COSINE = 0.5;

/** No frame is upright in the picture: the camera looks down on the person, or the person lies, or is upside down. */
function offAxis(whole: readonly Line[], straightM: number): BodyLines {
  const straight = whole.filter((line) => lengthOf(line) >= STRAIGHT * straightM);
  const along = straight.filter(([x, y, z]) => z > ALONG_FACTOR * Math.hypot(x, y));
  if (whole.length > 0 && along.length >= ALONG_SHARE * whole.length) return { posture: 'from_above', lines: along };
  const flat = straight.filter((line) => Math.abs(line[1]) < FLAT_COSINE * lengthOf(line));
  return flat.length * 2 > whole.length ? { posture: 'lying', lines: flat } : { posture: 'never_upright', lines: [] };
}

/** Middle of the pair of landmarks that starts at `low` → middle of the shoulders. */
function lineOf(points: Float64Array, f: number, low: number): Line {
  const at = (landmark: number, k: number): number => points[(f * LANDMARK_COUNT + landmark) * 3 + k];
  const part = (k: number): number => (at(11, k) + at(12, k) - at(low, k) - at(low + 1, k)) / 2;
  return [part(0), part(1), part(2)];
}

const isUpright = ([x, y, z]: Line): boolean => y > Math.hypot(x, z);
const lengthOf = (line: Line): number => Math.hypot(...line);

/** Trunk, thigh and calf one after the other: median over the frames. */
function bodyLength(points: Float64Array, frames: readonly number[]): number {
  const span = (f: number, a: number, b: number): number => {
    const i = (f * LANDMARK_COUNT + a) * 3;
    const j = (f * LANDMARK_COUNT + b) * 3;
    return Math.hypot(points[i] - points[j], points[i + 1] - points[j + 1], points[i + 2] - points[j + 2]);
  };
  const lengths = frames.map(
    (f) => (span(f, 11, 23) + span(f, 12, 24) + span(f, 23, 25) + span(f, 24, 26) + span(f, 25, 27) + span(f, 26, 28)) / 2,
  );
  return lengths.sort((a, b) => a - b)[lengths.length >> 1];
}
