import { align, transformed } from '../alignment.ts';
import type { Tracks } from '../truth.ts';

/** The twelve limb joints: what every skeleton has at the same place. */
export const BODY12 = ['shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'].flatMap((joint) => [`l_${joint}`, `r_${joint}`]);

const WIDTH = BODY12.length * 3;

/** `frames × 12 × 3` of the body joints. */
export function stacked(tracks: Tracks): Float64Array {
  const out = new Float64Array(tracks.frameCount * WIDTH);
  BODY12.forEach((name, j) => {
    const xyz = trackOf(tracks, name);
    for (let f = 0; f < tracks.frameCount; f++) for (let k = 0; k < 3; k++) out[f * WIDTH + j * 3 + k] = xyz[f * 3 + k];
  });
  return out;
}

export function trackOf(tracks: Tracks, name: string): Float64Array {
  const xyz = tracks.points.get(name);
  if (!xyz) throw new Error(`the prediction has no joint ${name}`);
  return xyz;
}

/** Mid-hip, `frames × 3`. */
export const rootTrack = (tracks: Tracks): Float64Array => {
  const right = trackOf(tracks, 'r_hip');
  return trackOf(tracks, 'l_hip').map((v, i) => (v + right[i]) / 2);
};

/** Stacked points with the mid-hip of their frame taken off. */
export function rootRelative(points: Float64Array, tracks: Tracks): Float64Array {
  const root = rootTrack(tracks);
  return points.map((v, i) => v - root[Math.floor(i / WIDTH) * 3 + (i % 3)]);
}

const distanceM = (a: Float64Array, b: Float64Array, i: number): number =>
  Math.hypot(a[i] - b[i], a[i + 1] - b[i + 1], a[i + 2] - b[i + 2]);

export function meanDistanceMm(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 3) sum += distanceM(a, b, i);
  return (sum / (a.length / 3)) * 1000;
}

/** Mean distance of each of `BODY12`. */
export function perJointMm(a: Float64Array, b: Float64Array): Record<string, number> {
  const frames = a.length / WIDTH;
  const meanOf = (j: number): number => {
    let sum = 0;
    for (let f = 0; f < frames; f++) sum += distanceM(a, b, f * WIDTH + j * 3);
    return (sum / frames) * 1000;
  };
  return Object.fromEntries(BODY12.map((name, j) => [name, meanOf(j)]));
}

/** Mean error over chunks of `frames` frames, each aligned on its first two frames or on all. Remainders < 10 frames are left out. */
export function chunkedErrorMm(a: Float64Array, b: Float64Array, frames: number, fit: 'first' | 'all', scale: boolean): number {
  const step = frames * WIDTH;
  let sum = 0;
  let weight = 0;
  for (let at = 0; at < a.length; at += step) {
    const end = Math.min(a.length, at + step);
    if (end - at < Math.min(frames, 10) * WIDTH) continue;
    const fitEnd = fit === 'first' ? Math.min(end, at + 2 * WIDTH) : end;
    const T = align(a.subarray(at, fitEnd), b.subarray(at, fitEnd), { scale });
    sum += meanDistanceMm(transformed(T, a.subarray(at, end)), b.subarray(at, end)) * (end - at);
    weight += end - at;
  }
  return sum / weight;
}
