import { readFileSync } from 'node:fs';
import { LANDMARK_COUNT, LANDMARKS, type Landmarks } from '../../src/landmarks.ts';

interface Recorded {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly nominalFps: number;
  readonly heightM: number;
  readonly focalPx: number;
  readonly timesSec: readonly number[];
  readonly imagePx: readonly number[];
  readonly worldM: readonly number[];
  readonly visibility: readonly number[];
  readonly joints: readonly string[];
  /** `frames × joints × 3`, camera axes, metres. */
  readonly truthM: readonly number[];
}

/** A second of the sample clip walk_front as the pose model saw it, with its truth. */
export const recorded: Recorded = JSON.parse(readFileSync(new URL('fixtures/walk.json', import.meta.url), 'utf8')) as Recorded;

export const walk = (): Landmarks => ({
  widthPx: recorded.widthPx,
  heightPx: recorded.heightPx,
  nominalFps: recorded.nominalFps,
  frameCount: recorded.timesSec.length,
  timesSec: Float64Array.from(recorded.timesSec),
  found: new Uint8Array(recorded.timesSec.length).fill(1),
  imagePx: Float32Array.from(recorded.imagePx),
  worldM: Float32Array.from(recorded.worldM),
  visibility: Float32Array.from(recorded.visibility),
  score: new Float32Array(recorded.timesSec.length).fill(1),
});

export const otherSide = (name: string): string =>
  name.startsWith('l_') ? `r_${name.slice(2)}` : name.startsWith('r_') ? `l_${name.slice(2)}` : name;

/** The clip as if it had been filmed in a mirror. */
export function inMirror(landmarks: Landmarks): Landmarks {
  const out = {
    ...landmarks,
    imagePx: landmarks.imagePx.slice(),
    worldM: landmarks.worldM.slice(),
    visibility: landmarks.visibility.slice(),
  };
  for (let f = 0; f < landmarks.frameCount; f++) {
    LANDMARKS.forEach((name, i) => {
      const to = f * LANDMARK_COUNT + i;
      const from = f * LANDMARK_COUNT + (LANDMARKS as readonly string[]).indexOf(otherSide(name));
      out.visibility[to] = landmarks.visibility[from];
      for (let k = 0; k < 3; k++) {
        out.imagePx[to * 3 + k] = k === 0 ? landmarks.widthPx - landmarks.imagePx[from * 3] : landmarks.imagePx[from * 3 + k];
        out.worldM[to * 3 + k] = (k === 0 ? -1 : 1) * landmarks.worldM[from * 3 + k];
      }
    });
  }
  return out;
}
