/**
 * Zero-phase filters over one channel of an interleaved signal: sample f of the channel is `signal[at + f·stride]`.
 * They run forwards and backwards (or are symmetric), so that nothing is delayed; ends are extended by odd reflection, which
 * keeps the first and last sample and their slope.
 */
import type { FloatArray } from './quaternion.ts';
import { normalize } from './quaternion.ts';
import { unrollQuaternions } from './rotation.ts';

/**
 * Second-order Butterworth low-pass, forwards and backwards (fourth order in all, −6 dB at `cutoffHz`), in place.
 * A cutoff at or above the Nyquist rate leaves the signal as it is.
 */
export function lowPass(signal: FloatArray, at: number, count: number, stride: number, cutoffHz: number, fps: number): void {
  if (count < 3 || !(cutoffHz < fps / 2)) return;
  const c = butterworth(cutoffHz, fps);
  const pad = Math.min(count - 1, Math.ceil((3 * fps) / cutoffHz));
  const work = extended(signal, at, count, stride, pad);
  runForwards(work, c);
  work.reverse();
  runForwards(work, c);
  work.reverse();
  for (let f = 0; f < count; f++) signal[at + f * stride] = work[pad + f];
}

interface Biquad {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/** Bilinear transform of the second-order Butterworth prototype with a prewarped cutoff. */
function butterworth(cutoffHz: number, fps: number): Biquad {
  const w = Math.tan((Math.PI * cutoffHz) / fps);
  const n = 1 / (1 + Math.SQRT2 * w + w * w);
  const b0 = w * w * n;
  return { b0, b1: 2 * b0, b2: b0, a1: 2 * (w * w - 1) * n, a2: (1 - Math.SQRT2 * w + w * w) * n };
}

/** Starts in the steady state of the first sample, so that a constant passes unchanged from the first frame on. */
function runForwards(x: Float64Array, c: Biquad): void {
  let x1 = x[0];
  let x2 = x[0];
  let y1 = x[0];
  let y2 = x[0];
  for (let i = 0; i < x.length; i++) {
    const now = x[i];
    const y = c.b0 * now + c.b1 * x1 + c.b2 * x2 - c.a1 * y1 - c.a2 * y2;
    x2 = x1;
    x1 = now;
    y2 = y1;
    y1 = y;
    x[i] = y;
  }
}

function extended(signal: FloatArray, at: number, count: number, stride: number, pad: number): Float64Array {
  const out = new Float64Array(count + 2 * pad);
  const first = signal[at];
  const last = signal[at + (count - 1) * stride];
  for (let i = 0; i < pad; i++) {
    out[i] = 2 * first - signal[at + (pad - i) * stride];
    out[pad + count + i] = 2 * last - signal[at + (count - 2 - i) * stride];
  }
  for (let f = 0; f < count; f++) out[pad + f] = signal[at + f * stride];
  return out;
}

/** Gaussian smoothing with a standard deviation of `sigmaFrames`, in place. */
export function gaussian(signal: FloatArray, at: number, count: number, stride: number, sigmaFrames: number): void {
  if (count < 3 || !(sigmaFrames > 0)) return;
  const radius = Math.min(count - 1, Math.ceil(sigmaFrames * 3));
  const kernel = gaussianKernel(radius, sigmaFrames);
  const work = extended(signal, at, count, stride, radius);
  for (let f = 0; f < count; f++) {
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += kernel[k + radius] * work[f + radius + k];
    signal[at + f * stride] = sum;
  }
}

function gaussianKernel(radius: number, sigma: number): Float64Array {
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)));
  const sum = kernel.reduce((a, b) => a + b, 0);
  return kernel.map((v) => v / sum);
}

/** Median over a window of 2·radius + 1 samples (fewer at the ends), in place: removes spikes, keeps edges. */
export function median(signal: FloatArray, at: number, count: number, stride: number, radius: number): void {
  const source = Float64Array.from({ length: count }, (_, f) => signal[at + f * stride]);
  const window = new Float64Array(2 * radius + 1);
  for (let f = 0; f < count; f++) {
    const r = Math.min(radius, f, count - 1 - f);
    const view = window.subarray(0, 2 * r + 1);
    view.set(source.subarray(f - r, f + r + 1));
    view.sort();
    signal[at + f * stride] = view[r];
  }
}

/** Low-pass of a track of unit quaternions (4 numbers every `stride`), in place: filters components, then renormalises. */
export function lowPassRotations(q: FloatArray, at: number, count: number, stride: number, cutoffHz: number, fps: number): void {
  unrollQuaternions(q, at, count, stride);
  for (let k = 0; k < 4; k++) lowPass(q, at + k, count, stride, cutoffHz, fps);
  for (let f = 0; f < count; f++) normalize(q, at + f * stride);
}
