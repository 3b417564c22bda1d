import { LANDMARK_COUNT, LANDMARKS } from '@gaitway/capture/landmarks';
import type { Observations } from '@gaitway/capture/solve/observations';
import { repairSwaps } from '@gaitway/capture/solve/repair-swaps';
import { expect, it } from 'vitest';

const FRAMES = 60;
/** Pixels in a metre of the body. */
const SCALE = 200;

type Place = readonly [x: number, y: number, z: number];
const at = (name: (typeof LANDMARKS)[number]): number => LANDMARKS.indexOf(name);

/** A trunk that stands still; `hands` says where elbow, wrist and hand of each side are, metres (y up, z towards the camera). */
function seenWith(hands: (f: number, side: 1 | -1) => Place): Observations {
  const out: Observations = {
    fps: 30,
    frameCount: FRAMES,
    widthPx: 1280,
    heightPx: 720,
    imagePx: new Float64Array(FRAMES * LANDMARK_COUNT * 2),
    bodyM: new Float64Array(FRAMES * LANDMARK_COUNT * 3),
    visibility: new Float64Array(FRAMES * LANDMARK_COUNT).fill(1),
    gaps: [],
  };
  for (let f = 0; f < FRAMES; f++) {
    for (let i = 0; i < LANDMARK_COUNT; i++) {
      const side = LANDMARKS[i].startsWith('l_') ? 1 : -1;
      const arm = i >= at('l_elbow') && i < at('l_hip');
      const place: Place = arm ? hands(f, side) : [side * 0.15, i >= at('l_hip') ? 0 : 0.5, 0];
      put(out, f, i, place);
    }
  }
  return out;
}

function put(out: Observations, f: number, i: number, [x, y, z]: Place): void {
  const o = f * LANDMARK_COUNT + i;
  out.imagePx.set([640 + SCALE * x, 360 - SCALE * y], o * 2);
  out.bodyM.set([x, y, z], o * 3);
}

/** Hands held out sideways by somebody who turns by half a circle: they pass each other in the picture, far apart in depth. */
const turning = (f: number, side: 1 | -1): Place => {
  const angle = (Math.PI * f) / (FRAMES - 1);
  return [side * 0.6 * Math.cos(angle), 0.4, side * 0.6 * Math.sin(angle)];
};

it('hands that pass each other in the picture have not changed sides', () => {
  const seen = seenWith(turning);
  const { repairs, seen: mended } = repairSwaps(seen);
  expect(repairs).toEqual([]);
  expect(mended.imagePx).toEqual(seen.imagePx);
});

it('nor where labels jump a little while they pass', () => {
  // Both wrists lie a hand's breadth beside where they are, each on the other's side.
  const jumpy = (f: number, side: 1 | -1): Place => {
    const [x, y, z] = turning(f, side);
    return [f >= FRAMES / 2 - 4 && f < FRAMES / 2 + 4 ? -side * 0.16 : x, y, z];
  };
  expect(repairSwaps(seenWith(jumpy)).repairs).toEqual([]);
});

it('labels that change sides while the hands hide each other are found by their depth', () => {
  const truth = seenWith(turning);
  const wrong = seenWith((f, side) => turning(f, f >= 28 && f < 31 ? (-side as 1 | -1) : side));
  const { repairs, seen } = repairSwaps(wrong);
  expect(repairs).toEqual([{ kind: 'arm_swap', from: 28, to: 31 }]);
  expect(seen.imagePx).toEqual(truth.imagePx);
  expect(seen.bodyM).toEqual(truth.bodyM);
});
