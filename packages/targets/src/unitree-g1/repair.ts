import type { Clip } from '@gaitway/motion/clip';

/** A Clip without holes, and how many values of it were holes. */
export interface Repaired {
  readonly clip: Clip;
  readonly clippedInputs: number;
}

const UNIT_TOLERANCE = 0.01;

/**
 * Replaces rotations and positions that are not numbers (or not of unit length) by those of the nearest frame before, or after
 * where there is none, and takes their confidence away. A sound Clip comes back as it is.
 */
export function repairClip(clip: Clip): Repaired {
  const joints = clip.skeleton.joints.length;
  const isSound = (f: number, j: number): boolean => {
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += clip.rotations[(f * joints + j) * 4 + k] ** 2;
    return Math.abs(sum - 1) < UNIT_TOLERANCE;
  };
  const isPlaced = (f: number): boolean => [0, 1, 2].every((k) => Number.isFinite(clip.rootTranslationM[f * 3 + k]));
  const rotations = clip.rotations.slice();
  const root = clip.rootTranslationM.slice();
  const confidence = clip.confidence.slice();
  let clippedInputs = 0;
  for (let j = 0; j < joints; j++) {
    clippedInputs += fill(
      rotations,
      4,
      joints * 4,
      j * 4,
      clip.frameCount,
      (f) => isSound(f, j),
      [0, 0, 0, 1],
      (f) => {
        confidence[f * joints + j] = 0;
      },
    );
  }
  clippedInputs += fill(root, 3, 3, 0, clip.frameCount, isPlaced, [0, 0.9, 0], (f) => {
    confidence[f * joints] = 0;
  });
  let isClean = clippedInputs === 0;
  for (let i = 0; i < confidence.length; i++) {
    if (confidence[i] >= 0 && confidence[i] <= 1) continue;
    confidence[i] = 0;
    isClean = false;
  }
  return isClean ? { clip, clippedInputs } : { clip: { ...clip, rotations, rootTranslationM: root, confidence }, clippedInputs };
}

function fill(
  values: Float32Array,
  width: number,
  stride: number,
  at: number,
  count: number,
  isGood: (f: number) => boolean,
  fallback: readonly number[],
  onHole: (f: number) => void,
): number {
  const good = Array.from({ length: count }, (_, f) => isGood(f));
  const first = good.indexOf(true);
  let last = first;
  let holes = 0;
  for (let f = 0; f < count; f++) {
    if (good[f]) {
      last = f;
      continue;
    }
    holes++;
    onHole(f);
    for (let k = 0; k < width; k++) values[f * stride + at + k] = last < 0 ? fallback[k] : values[last * stride + at + k];
  }
  return holes;
}
