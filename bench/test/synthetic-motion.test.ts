import type { Clip } from '@gaitway/motion/clip';
import { humanLegs, solePositions } from '@gaitway/motion/feet';
import { FOOT_POINTS_M } from '@gaitway/motion/human';
import { footSlide } from '@gaitway/motion/metrics';
import { describe, expect, it } from 'vitest';
import { cameraAt, cameraOf, STANDARD_CAMERA, toCamera } from '../src/synthetic/camera.ts';
import { CASES, caseNamed } from '../src/synthetic/cases.ts';
import { exchangedFrames, withFaults } from '../src/synthetic/faults.ts';
import { judge } from '../src/synthetic/judge.ts';
import { observeClip } from '../src/synthetic/observe.ts';
import { scaleOf, worldPoses } from '../src/synthetic/puppet.ts';
import { randomOf, wandering } from '../src/synthetic/random.ts';
import { motionOf } from '../src/synthetic/run-case.ts';
import type { V3 } from '../src/synthetic/vectors.ts';

function soles(clip: Clip, heightM: number): Float64Array {
  const s = scaleOf(heightM);
  const scaled = ([x, y, z]: V3): [number, number, number] => [x * s, y * s, z * s];
  return solePositions(clip, humanLegs(clip, { heel: scaled(FOOT_POINTS_M.heel), toe: scaled(FOOT_POINTS_M.toe) }));
}

/** Fastest that a hand or a foot of a person moves, m/s: a punch, a kick, a foot in a run. */
const FASTEST_MS = 14;

describe.each(CASES.map((one) => [one.name, one] as const))('the motion of %s', (_, one) => {
  const clip = motionOf(one);

  it('stands where it says it stands', () => {
    const points = soles(clip, one.heightM);
    expect(footSlide(points, clip.contacts, 4, clip.fps)).toBeLessThan(0.01);
    const heights = Array.from(clip.contacts, (planted, i) => (planted ? Math.abs(points[i * 3 + 1]) : 0));
    expect(Math.max(...heights)).toBeLessThan(0.012);
  });

  it('stays above the floor and moves no faster than people do', () => {
    const { positionsM: p } = worldPoses(clip);
    const width = clip.skeleton.joints.length * 3;
    let lowest = Number.POSITIVE_INFINITY;
    let fastest = 0;
    for (let i = 1; i < p.length; i += 3) lowest = Math.min(lowest, p[i]);
    for (let i = width; i < p.length; i += 3)
      fastest = Math.max(fastest, Math.hypot(p[i] - p[i - width], p[i + 1] - p[i + 1 - width], p[i + 2] - p[i + 2 - width]));
    expect(lowest).toBeGreaterThan(-0.03);
    expect(fastest * clip.fps).toBeLessThan(FASTEST_MS);
  });
});

describe('what is seen of it', () => {
  const one = caseNamed('squats');
  const clip = motionOf(one);
  const camera = cameraOf(one.camera);
  const perfect = observeClip(clip, camera, { seed: 1, noise: 0, heightM: one.heightM });

  it('is the projection of the body: the knee landmark beside the knee', () => {
    const { positionsM } = worldPoses(clip);
    const knee = clip.skeleton.joints.findIndex(({ name }) => name === 'calf_l');
    const [x, y, z] = toCamera(cameraAt(camera, 0), [...positionsM.subarray(knee * 3, knee * 3 + 3)] as unknown as V3);
    expect(perfect.imagePx[25 * 3]).toBeCloseTo(camera.widthPx / 2 + (camera.focalPx * x) / z, -1.2);
    expect(perfect.imagePx[25 * 3 + 1]).toBeCloseTo(camera.heightPx / 2 + (camera.focalPx * y) / z, -1.2);
  });

  it('errs as measured, the same way for the same seed', () => {
    const noisy = (seed: number): Float32Array => observeClip(clip, camera, { seed, noise: 1, heightM: one.heightM }).imagePx;
    expect(noisy(4)).toEqual(noisy(4));
    expect(noisy(4)).not.toEqual(noisy(5));
    let sum = 0;
    const a = noisy(4);
    for (let f = 0; f < clip.frameCount; f++) sum += Math.abs(a[(f * 33 + 27) * 3] - perfect.imagePx[(f * 33 + 27) * 3]);
    expect(sum / clip.frameCount).toBeGreaterThan(1);
    expect(sum / clip.frameCount).toBeLessThan(25);
  });

  it('is seen from where the camera stands', () => {
    const [frame] = cameraOf(STANDARD_CAMERA).frames;
    const target = toCamera(frame, STANDARD_CAMERA.target);
    expect(target[0]).toBeCloseTo(0, 9);
    expect(target[1]).toBeCloseTo(0, 9);
    expect(toCamera(frame, STANDARD_CAMERA.eye).every((v) => Math.abs(v) < 1e-9)).toBe(true);
    expect(toCamera(frame, [1, 0.95, 0])[0]).toBeGreaterThan(0.9);
    expect(toCamera(frame, [0, 1.95, 0])[1]).toBeLessThan(-0.9);
  });

  it('has the faults that are put in, and says where', () => {
    const faults = { legSwapSec: [0.5], flipSec: [[1, 1.2]] as const, lostSec: [[2, 2.1]] as const };
    const bad = withFaults(perfect, faults);
    expect([...exchangedFrames(faults, 30, clip.frameCount)].reduce((a, b) => a + b)).toBe(7);
    expect(bad.imagePx[(15 * 33 + 25) * 3]).toBe(perfect.imagePx[(15 * 33 + 26) * 3]);
    expect(bad.imagePx[(15 * 33 + 11) * 3]).toBe(perfect.imagePx[(15 * 33 + 11) * 3]);
    expect(bad.worldM[(31 * 33 + 11) * 3 + 2]).toBe(-perfect.worldM[(31 * 33 + 12) * 3 + 2]);
    expect([...bad.found.subarray(59, 64)]).toEqual([1, 0, 0, 0, 1]);
    expect(bad.imagePx.subarray(0, 99)).toEqual(perfect.imagePx.subarray(0, 99));
  });
});

describe('an error that lasts', () => {
  it('has its standard deviation, and forgets as fast at any frame rate', () => {
    const wander = { sigma: 10, perSec: 2, perM: 3, biasSigma: 0 };
    const at = (fps: number): { sd: number; kept: number } => {
      const x = wandering(randomOf(3), wander, fps, new Float64Array(fps * 4000).fill(0.5));
      const later = x.subarray(fps);
      const sd = Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
      return { sd, kept: later.reduce((sum, v, i) => sum + v * x[i], 0) / later.length / sd ** 2 };
    };
    for (const fps of [10, 60]) {
      expect(at(fps).sd).toBeGreaterThan(9);
      expect(at(fps).sd).toBeLessThan(11);
      expect(at(fps).kept).toBeCloseTo(Math.exp(-3.5), 1);
    }
  });
});

describe('the judge', () => {
  it('finds nothing wrong with the truth', () => {
    const one = caseNamed('kicks');
    const clip = motionOf(one);
    const scores = judge('kicks', clip, clip, one.heightM, one.heightM);
    expect(scores.mpjpeMm).toBeCloseTo(0, 6);
    expect(scores.wMetricMm).toBeCloseTo(0, 6);
    expect(scores.footSlideMm).toBeCloseTo(scores.footSlideTruthMm, 9);
    expect(scores.tiltDeg).toBeLessThan(1e-3);
  });
});
