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
    return [f >= FRAMES / 2 - 4 && f < FRAMES / 2 + 4 ? -side * 0.08 : x, y, z];
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

/** Elbows at the ends of upper arms, and fists before the chest: one arm goes out while the other comes back. */
const punching = (swapped: (f: number) => boolean): Observations => {
  const seen = seenWith(() => [0, 0, 0]);
  // The left arm is out from frame 20 to 40, else the right one; they change places between two frames.
  const out = (f: number): number => (f < 20 || f >= 40 ? 0 : 1);
  const reach = (f: number, side: 1 | -1): number => (side > 0 ? out(f) : 1 - out(f));
  for (let f = 0; f < FRAMES; f++) {
    for (const side of [1, -1] as const) {
      const label = swapped(f) ? -side : side;
      const prefix = label > 0 ? 'l_' : 'r_';
      const forward = reach(f, side);
      const elbow: Place = [side * 0.15, 0.5 - 0.25 * (1 - forward), 0.1 + 0.2 * forward];
      const hand: Place = [side * 0.05, 0.35 + 0.05 * forward, 0.25 + 0.25 * forward];
      LANDMARKS.forEach((name, i) => {
        if (i >= at('l_elbow') && i < at('l_hip') && name.startsWith(prefix)) put(seen, f, i, name.endsWith('elbow') ? elbow : hand);
      });
    }
  }
  return seen;
};

it('fists that pass each other within a frame have not changed sides: an arm that is tied to the other shoulder is too long', () => {
  expect(repairSwaps(punching(() => false)).repairs).toEqual([]);
});

it('arms that are tied to the wrong shoulders for a while are put right', () => {
  expect(repairSwaps(punching((f) => f >= 20 && f < 25)).repairs).toEqual([{ kind: 'arm_swap', from: 20, to: 25 }]);
});
