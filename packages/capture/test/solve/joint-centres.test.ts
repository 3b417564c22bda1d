import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT, LANDMARKS } from '../../src/landmarks.ts';
import type { BodyPoints } from '../../src/lift/body-points.ts';
import { BODY_POINTS } from '../../src/lift/body-points.ts';
import { withJointCentres } from '../../src/solve/joint-centres.ts';
import type { Observations } from '../../src/solve/observations.ts';

const FRAMES = 3;
const names: readonly string[] = LANDMARKS;
const shared = BODY_POINTS.filter((name) => names.includes(name));

const seen = (): Observations => ({
  fps: 30,
  frameCount: FRAMES,
  widthPx: 640,
  heightPx: 480,
  imagePx: Float64Array.from({ length: FRAMES * LANDMARK_COUNT * 2 }, (_, i) => i),
  bodyM: Float64Array.from({ length: FRAMES * LANDMARK_COUNT * 3 }, (_, i) => i / 100),
  visibility: new Float64Array(FRAMES * LANDMARK_COUNT).fill(1),
  gaps: [],
});

/** Points at negative pixels: no landmark of `seen` is there. */
const points = (found: readonly number[]): BodyPoints => ({
  frameCount: FRAMES,
  points: BODY_POINTS,
  found: Uint8Array.from(found),
  imagePx: Float64Array.from({ length: FRAMES * BODY_POINTS.length * 2 }, (_, i) => -1 - i),
  imageSigma: new Float64Array(FRAMES * BODY_POINTS.length),
  heightPx: new Float64Array(FRAMES),
  worldM: new Float64Array(FRAMES * BODY_POINTS.length * 3),
  worldSigmaM: new Float64Array(FRAMES * BODY_POINTS.length * 3),
});

const at = (values: Float64Array, stride: number, f: number, i: number): number[] => [...values.slice((f * stride + i) * 2).slice(0, 2)];

describe('joint centres in place of landmarks', () => {
  it('takes the place in the picture of every point that has the name of a landmark, and of no other', () => {
    const lifted = points([1, 1, 1]);
    const out = withJointCentres(seen(), lifted);
    expect(shared).toContain('l_hip');
    for (let f = 0; f < FRAMES; f++) {
      names.forEach((name, landmark) => {
        const point = (BODY_POINTS as readonly string[]).indexOf(name);
        const want = point < 0 ? at(seen().imagePx, LANDMARK_COUNT, f, landmark) : at(lifted.imagePx, BODY_POINTS.length, f, point);
        expect(at(out.imagePx, LANDMARK_COUNT, f, landmark)).toEqual(want);
      });
    }
  });

  it('keeps the landmarks of frames in which the lift found nobody', () => {
    const out = withJointCentres(seen(), points([1, 0, 1]));
    const row = LANDMARK_COUNT * 2;
    expect(out.imagePx.slice(row, 2 * row)).toEqual(seen().imagePx.slice(row, 2 * row));
    expect(out.imagePx.slice(0, row)).not.toEqual(seen().imagePx.slice(0, row));
  });

  it('changes nothing but the picture, and not what it was given', () => {
    const given = seen();
    const out = withJointCentres(given, points([1, 1, 1]));
    expect({ ...out, imagePx: given.imagePx }).toEqual(seen());
    expect(given).toEqual(seen());
  });
});
