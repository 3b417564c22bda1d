import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT, LANDMARKS, type Landmarks } from '../../src/landmarks.ts';
import { BODY_POINTS, type BodyPoints, REFERENCE_HEIGHT_M } from '../../src/lift/body-points.ts';
import { liftLandmarks } from '../../src/lift/lift.ts';
import { readLiftNetwork } from '../../src/lift/network-file.ts';
import { inMirror, otherSide, recorded, walk } from './landmark-fixture.ts';

const network = readLiftNetwork('balanced');
const points: readonly string[] = BODY_POINTS;
const lift = (landmarks: Landmarks, focalPx = recorded.focalPx): BodyPoints => liftLandmarks(landmarks, network, focalPx);

/** Mean distance of the scored joints to the truth with the mid-hip removed, metres of the true body. */
function meanErrorM(placeOf: (frame: number, joint: string, axis: number) => number): number {
  const { joints, truthM, timesSec } = recorded;
  const truth = (f: number, joint: string, k: number): number => truthM[(f * joints.length + joints.indexOf(joint)) * 3 + k];
  let sum = 0;
  for (let f = 0; f < timesSec.length; f++) {
    for (const joint of joints) {
      let square = 0;
      for (let k = 0; k < 3; k++) {
        const middle = (place: typeof truth): number => (place(f, 'l_hip', k) + place(f, 'r_hip', k)) / 2;
        square += (placeOf(f, joint, k) - middle(placeOf) - truth(f, joint, k) + middle(truth)) ** 2;
      }
      sum += Math.sqrt(square);
    }
  }
  return sum / (timesSec.length * joints.length);
}

describe('the lifted body', () => {
  it('is nearer to the truth than the world landmarks, on a clip that was not trained on', () => {
    const lifted = lift(walk());
    const scale = recorded.heightM / REFERENCE_HEIGHT_M;
    const own = meanErrorM((f, joint, k) => lifted.worldM[(f * points.length + points.indexOf(joint)) * 3 + k] * scale);
    const raw = meanErrorM(
      (f, joint, k) => recorded.worldM[(f * LANDMARK_COUNT + (LANDMARKS as readonly string[]).indexOf(joint)) * 3 + k],
    );
    expect(own).toBeLessThan(0.8 * raw);
    expect(own).toBeLessThan(0.065);
  });

  it('lies in the picture where its own three dimensions are seen', () => {
    const { imagePx, worldM, heightPx } = lift(walk());
    const at = (name: string): number => 15 * points.length + points.indexOf(name);
    const pxPerM = heightPx[15] / REFERENCE_HEIGHT_M;
    const down = (imagePx[at('l_ankle') * 2 + 1] - imagePx[at('neck') * 2 + 1]) / pxPerM;
    expect(down).toBeCloseTo(worldM[at('l_ankle') * 3 + 1] - worldM[at('neck') * 3 + 1], 0.9);
  });

  it('knows depth less well than what it sees', () => {
    const { worldSigmaM } = lift(walk());
    const wrist = (15 * points.length + points.indexOf('l_wrist')) * 3;
    expect(worldSigmaM[wrist + 2]).toBeGreaterThan(worldSigmaM[wrist]);
    expect(Math.min(...worldSigmaM)).toBeGreaterThan(0);
  });

  it('is mirrored when the clip is mirrored', () => {
    const plain = lift(walk());
    const mirrored = lift(inMirror(walk()));
    for (let f = 0; f < plain.frameCount; f++) {
      points.forEach((name, i) => {
        const a = f * points.length + i;
        const b = f * points.length + points.indexOf(otherSide(name));
        expect(mirrored.worldM[b * 3]).toBeCloseTo(-plain.worldM[a * 3], 5);
        expect(mirrored.worldM[b * 3 + 2]).toBeCloseTo(plain.worldM[a * 3 + 2], 5);
        expect(mirrored.imagePx[b * 2]).toBeCloseTo(recorded.widthPx - plain.imagePx[a * 2], 2);
        expect(mirrored.worldSigmaM[b * 3 + 2]).toBeCloseTo(plain.worldSigmaM[a * 3 + 2], 5);
      });
    }
  });

  it('turns with the camera: a person off the axis is the same person', () => {
    const turnRad = 0.35;
    const [c, s] = [Math.cos(turnRad), Math.sin(turnRad)];
    const straight = walk();
    const { widthPx, heightPx, focalPx } = recorded;
    const turned = { ...straight, imagePx: straight.imagePx.slice() };
    for (let i = 0; i < turned.imagePx.length; i += 3) {
      const x = (straight.imagePx[i] - widthPx / 2) / focalPx;
      const y = (straight.imagePx[i + 1] - heightPx / 2) / focalPx;
      turned.imagePx[i] = ((c * x + s) / (c - s * x)) * focalPx + widthPx / 2;
      turned.imagePx[i + 1] = (y / (c - s * x)) * focalPx + heightPx / 2;
    }
    const a = lift(straight).worldM;
    const b = lift(turned).worldM;
    for (let i = 0; i < a.length; i += 3) {
      // The smallest turn to a ray below the axis rolls the view a little: 2 cm at arm's length.
      expect(Math.abs(b[i] - (c * a[i] + s * a[i + 2]))).toBeLessThan(0.03);
      expect(Math.abs(b[i + 2] - (c * a[i + 2] - s * a[i]))).toBeLessThan(0.03);
    }
  });

  it('does not depend on the frame rate', () => {
    const slow = walk();
    const fast = doubled(slow);
    const a = lift(slow).worldM;
    const b = lift(fast).worldM;
    const stride = points.length * 3;
    for (let f = 0; f < slow.frameCount; f++) {
      for (let i = 0; i < stride; i++) expect(Math.abs(b[2 * f * stride + i] - a[f * stride + i])).toBeLessThan(1e-4);
    }
  });

  it('leaves frames without a person empty, and bridges no long gap', () => {
    const landmarks = walk();
    landmarks.found[3] = 0;
    const lifted = lift(landmarks);
    expect(lifted.found[3]).toBe(0);
    expect(lifted.found[4]).toBe(1);
    expect(lifted.worldM.subarray(3 * points.length * 3, 4 * points.length * 3).every((v) => v === 0)).toBe(true);
    const late = walk();
    for (let f = 10; f < late.frameCount; f++) late.timesSec[f] += 5;
    const whole = lift({ ...late, found: late.found.map((_, f) => (f < 10 ? 1 : 0)) });
    const split = lift(late);
    expect(split.worldM.slice(0, 10 * points.length * 3)).toEqual(whole.worldM.slice(0, 10 * points.length * 3));
  });
});

describe('hostile landmarks', () => {
  const allFinite = (body: BodyPoints): boolean =>
    [body.imagePx, body.imageSigma, body.worldM, body.worldSigmaM, body.heightPx].every((values) => values.every(Number.isFinite));

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1e30, 1e12])('a frame that holds %d counts as not found', (value) => {
    const landmarks = walk();
    landmarks.imagePx[5 * LANDMARK_COUNT * 3] = value;
    landmarks.worldM[7 * LANDMARK_COUNT * 3 + 2] = value;
    const body = lift(landmarks);
    expect(allFinite(body)).toBe(true);
    expect([body.found[5], body.found[7], body.found[6]]).toEqual([0, 0, 1]);
  });

  it('survives a person of one point, upside down, and a camera without a focal length', () => {
    const landmarks = walk();
    landmarks.worldM.fill(0, 0, 10 * LANDMARK_COUNT * 3);
    landmarks.imagePx.fill(100, 5 * LANDMARK_COUNT * 3, 15 * LANDMARK_COUNT * 3);
    for (let i = 1; i < landmarks.worldM.length; i += 3) landmarks.worldM[i] *= -1;
    for (const focalPx of [0, -5, Number.NaN, 1e-9, 1e9]) expect(allFinite(lift(landmarks, focalPx))).toBe(true);
  });

  it('ignores frames whose time does not advance', () => {
    const landmarks = walk();
    landmarks.timesSec[4] = landmarks.timesSec[3];
    landmarks.timesSec[9] = Number.NaN;
    const body = lift(landmarks);
    expect([body.found[3], body.found[4], body.found[9], body.found[10]]).toEqual([1, 0, 0, 1]);
    expect(allFinite(body)).toBe(true);
  });
});

/** Twice the frame rate: between two frames their mean. */
function doubled(slow: Landmarks): Landmarks {
  const frameCount = slow.frameCount * 2 - 1;
  const stretch = (values: ArrayLike<number>, width: number): number[] =>
    Array.from({ length: frameCount * width }, (_, i) => {
      const f = Math.floor(i / width);
      const k = i % width;
      const before = values[Math.floor(f / 2) * width + k];
      return f % 2 === 0 ? before : (before + values[Math.floor(f / 2 + 1) * width + k]) / 2;
    });
  return {
    ...slow,
    nominalFps: slow.nominalFps * 2,
    frameCount,
    timesSec: Float64Array.from(stretch(slow.timesSec, 1)),
    found: new Uint8Array(frameCount).fill(1),
    imagePx: Float32Array.from(stretch(slow.imagePx, LANDMARK_COUNT * 3)),
    worldM: Float32Array.from(stretch(slow.worldM, LANDMARK_COUNT * 3)),
    visibility: Float32Array.from(stretch(slow.visibility, LANDMARK_COUNT)),
    score: new Float32Array(frameCount).fill(1),
  };
}
