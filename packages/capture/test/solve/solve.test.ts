import { isGaitwayError } from '@gaitway/motion/errors';
import { humanLegs, solePositions } from '@gaitway/motion/feet';
import { FOOT_POINTS_M } from '@gaitway/motion/human';
import { jointPositions } from '@gaitway/motion/kinematics';
import { boneLengthVariationPct, footSlide, jitter } from '@gaitway/motion/metrics';
import { describe, expect, it } from 'vitest';
import type { Landmarks } from '../../src/landmarks.ts';
import { firstSolve } from '../../src/solve/first-solve.ts';
import { solve } from '../../src/solve/solve.ts';
import { bodyJoints, everyNumber, rootAlignedErrorMm } from './measure.ts';
import { firstFrames, readTruth, syntheticLandmarks } from './synthetic.ts';

const truth = firstFrames(readTruth('walk_front'), 75);
const noise = { seed: 7, imagePx: 3, worldM: 0.02 };
const landmarks = syntheticLandmarks(truth, noise);
const heightM = truth.subject.height_m;

describe.each([
  ['firstSolve', firstSolve],
  ['solve', solve],
] as const)('%s on projected truth', (name, solver) => {
  const { clip, report } = solver(landmarks, { subjectHeightM: heightM });

  it('stays near the truth', () => {
    expect(rootAlignedErrorMm(clip, truth)).toBeLessThan(name === 'solve' ? 75 : 80);
  });

  it('has one length a bone, both sides equal', () => {
    expect(boneLengthVariationPct(clip)).toBeLessThan(1e-3);
    for (const joint of clip.skeleton.joints.filter(({ name: own }) => own.endsWith('_l'))) {
      const twin = clip.skeleton.joints.find(({ name: other }) => other === joint.name.replace(/_l$/, '_r'));
      expect(Math.hypot(...(twin?.translationM ?? []))).toBeCloseTo(Math.hypot(...joint.translationM), 9);
    }
  });

  it('is about as smooth as the truth', () => {
    const { own, real } = bodyJoints(clip, truth);
    const ratio = jitter(own, 12, clip.fps) / jitter(real, 12, truth.fps);
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(3);
  });

  it('starts above the origin, faces the camera and walks towards it', () => {
    expect(Math.hypot(clip.rootTranslationM[0], clip.rootTranslationM[2])).toBeLessThan(0.02);
    const last = (clip.frameCount - 1) * 3;
    expect(clip.rootTranslationM[last + 2]).toBeGreaterThan(1.5);
    expect(clip.rootTranslationM[last + 1]).toBeGreaterThan(0.75);
    expect(clip.rootTranslationM[last + 1]).toBeLessThan(1.1);
  });

  it('reports the camera and the person', () => {
    expect(report.camera.focalPx).toBeCloseTo(0.7 * Math.hypot(truth.width, truth.height), 6);
    expect(report.camera.upInCamera[1]).toBeLessThan(-0.95);
    expect(report.person).toMatchObject({ heightM, heightSource: 'given' });
    expect(report.repairs).toEqual([]);
    expect(report.gaps).toEqual([]);
  });
});

describe('solve', () => {
  const base = solve(landmarks, { subjectHeightM: heightM });

  it('is deterministic', () => {
    const again = solve(landmarks, { subjectHeightM: heightM });
    expect(again.clip.rotations).toEqual(base.clip.rotations);
    expect(again.clip.rootTranslationM).toEqual(base.clip.rootTranslationM);
  });

  it('plants the feet: what it calls planted does not slide', () => {
    const legs = humanLegs(base.clip, FOOT_POINTS_M);
    expect(base.clip.contacts.reduce((a, b) => a + b, 0)).toBeGreaterThan(base.clip.frameCount);
    expect(footSlide(solePositions(base.clip, legs), base.clip.contacts, 4, base.clip.fps)).toBeLessThan(3);
  });

  it('scales with the height that is given', () => {
    const tall = solve(landmarks, { subjectHeightM: heightM * 1.1 });
    const length = (clip: typeof base.clip): number =>
      Math.hypot(...(clip.skeleton.joints.find((j) => j.name === 'calf_l')?.translationM ?? []));
    expect(length(tall.clip) / length(base.clip)).toBeGreaterThan(1.05);
  });

  it('puts the body farther away for a narrower field of view', () => {
    const travel = (clip: typeof base.clip): number => clip.rootTranslationM[(clip.frameCount - 1) * 3 + 2];
    const narrow = solve(landmarks, { subjectHeightM: heightM, cameraFovDeg: 30 });
    const wide = solve(landmarks, { subjectHeightM: heightM, cameraFovDeg: 80 });
    expect(narrow.report.camera.focalSource).toBe('given');
    expect(travel(narrow.clip)).toBeGreaterThan(travel(wide.clip) * 1.5);
  });

  it('is calmer with more smoothing', () => {
    const shake = (smoothing: number): number => {
      const { clip } = solve(landmarks, { subjectHeightM: heightM, smoothing });
      return jitter(jointPositions(clip), clip.skeleton.joints.length, clip.fps);
    };
    expect(shake(0)).toBeGreaterThan(shake(1) * 1.5);
  });

  it('moves no foot with the lock off', () => {
    const off = solve(landmarks, { subjectHeightM: heightM, footLock: 'off' });
    expect(off.clip.rotations).not.toEqual(base.clip.rotations);
    expect(off.clip.contacts.length).toBe(base.clip.contacts.length);
  });

  it('reports progress that only grows and stops when told', () => {
    const done: number[] = [];
    solve(landmarks, { onProgress: (progress) => done.push(progress.done) });
    expect(done.at(-1)).toBe(base.clip.frameCount);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    const controller = new AbortController();
    controller.abort();
    expect(() => solve(landmarks, { signal: controller.signal })).toThrow(expect.objectContaining({ code: 'canceled' }));
  });

  it('keeps the root still and the legs at rest for the upper body, even when no leg is in the picture', () => {
    const hidden: Landmarks = { ...landmarks, visibility: landmarks.visibility.map((v, i) => (i % 33 >= 23 ? 0 : v)) };
    const { clip } = solve(hidden, { mocapType: 'upper_body', subjectHeightM: heightM });
    expect(everyNumber(clip).every(Number.isFinite)).toBe(true);
    for (let f = 0; f < clip.frameCount; f++) expect(clip.rootTranslationM[f * 3 + 2]).toBe(0);
    const thigh = clip.skeleton.joints.findIndex(({ name }) => name === 'thigh_l') * 4;
    expect([...clip.rotations.subarray(thigh, thigh + 4)]).toEqual([0, 0, 0, 1]);
    expect(clip.contacts.every((v) => v === 0)).toBe(true);
  });

  it.each([
    ['smoothing', { smoothing: 1.5 }],
    ['smoothing', { smoothing: Number.NaN }],
    ['subjectHeightM', { subjectHeightM: 17 }],
    ['cameraFovDeg', { cameraFovDeg: 0 }],
  ])('refuses %s out of range', (option, options) => {
    let caught: unknown;
    try {
      solve(landmarks, options);
    } catch (error) {
      caught = error;
    }
    expect(isGaitwayError(caught) && caught.code === 'option_invalid' && caught.facts.option === option).toBe(true);
  });
});
