/** What goes wrong in pose estimation beyond noise: frames without a person, exchanged limbs, a body seen from the wrong side. */
import type { Landmarks } from '@gaitway/capture/landmarks';
import { LANDMARK_COUNT } from '@gaitway/capture/landmarks';
import { mirroredIndex } from '@gaitway/capture/models/mirror';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Stretches of frames, in seconds so that they suit every frame rate. */
export interface Faults {
  readonly lostSec?: readonly (readonly [number, number])[];
  /** Single frames in which left and right leg, or arm, are exchanged. */
  readonly legSwapSec?: readonly number[];
  readonly armSwapSec?: readonly number[];
  /** Left and right of the whole body exchanged and its depth reversed. */
  readonly flipSec?: readonly (readonly [number, number])[];
}

/** The landmarks with the faults in them. */
export function withFaults(landmarks: Landmarks, faults: Faults): Landmarks {
  const out: Landmarks = {
    ...landmarks,
    found: landmarks.found.slice(),
    imagePx: landmarks.imagePx.slice(),
    worldM: landmarks.worldM.slice(),
    visibility: landmarks.visibility.slice(),
  };
  const frame = (sec: number): number => Math.round(sec * landmarks.nominalFps);
  for (const sec of faults.legSwapSec ?? []) exchange(out, landmarks, frame(sec), 25, LANDMARK_COUNT, false);
  for (const sec of faults.armSwapSec ?? []) exchange(out, landmarks, frame(sec), 13, 23, false);
  for (const [from, to] of faults.flipSec ?? [])
    for (let f = frame(from); f < Math.min(frame(to), out.frameCount); f++) exchange(out, landmarks, f, 0, LANDMARK_COUNT, true);
  for (const [from, to] of faults.lostSec ?? []) for (let f = frame(from); f < Math.min(frame(to), out.frameCount); f++) lose(out, f);
  return out;
}

/** Frames whose sides the faults exchange, 1 each. */
export function exchangedFrames(faults: Faults, fps: number, frameCount: number): Uint8Array {
  const out = new Uint8Array(frameCount);
  for (const sec of [...(faults.legSwapSec ?? []), ...(faults.armSwapSec ?? [])]) out[Math.round(sec * fps)] = 1;
  for (const [from, to] of faults.flipSec ?? []) out.fill(1, Math.round(from * fps), Math.round(to * fps));
  return out;
}

function exchange(out: Landmarks, source: Landmarks, f: number, first: number, end: number, reverseDepth: boolean): void {
  for (let i = first; i < end; i++) {
    const to = f * LANDMARK_COUNT + i;
    const from = f * LANDMARK_COUNT + mirroredIndex(i);
    for (let k = 0; k < 3; k++) {
      out.imagePx[to * 3 + k] = source.imagePx[from * 3 + k];
      out.worldM[to * 3 + k] = source.worldM[from * 3 + k] * (k === 2 && reverseDepth ? -1 : 1);
    }
    out.visibility[to] = source.visibility[from];
  }
}

function lose(out: Landmarks, f: number): void {
  out.found[f] = 0;
  out.imagePx.fill(0, f * LANDMARK_COUNT * 3, (f + 1) * LANDMARK_COUNT * 3);
  out.worldM.fill(0, f * LANDMARK_COUNT * 3, (f + 1) * LANDMARK_COUNT * 3);
  out.visibility.fill(0, f * LANDMARK_COUNT, (f + 1) * LANDMARK_COUNT);
}
