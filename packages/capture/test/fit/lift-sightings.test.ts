import { HUMAN_JOINTS } from '@gaitway/motion/human';
import { describe, expect, it } from 'vitest';
import { bodyJoint, bodyOffsets, DOFS } from '../../src/fit/body-model.ts';
import { createBodyPose, createState, moveFrame, poseBody, stateFromRotations } from '../../src/fit/body-state.ts';
import { createTermScratch, landmarkTerms, pointOf } from '../../src/fit/landmark-terms.ts';
import { liftSightings } from '../../src/fit/lift-sightings.ts';
import { BODY_POINTS, type BodyPoints, REFERENCE_HEIGHT_M } from '../../src/lift/body-points.ts';
import { liftLandmarks } from '../../src/lift/lift.ts';
import { readLiftNetwork } from '../../src/lift/network-file.ts';
import { evenLandmarks } from '../../src/solve/even-landmarks.ts';
import { analyticStart } from '../../src/solve/first-solve.ts';
import { observe } from '../../src/solve/observations.ts';
import { solve } from '../../src/solve/solve.ts';
import { everyNumber } from '../solve/measure.ts';
import { firstFrames, readTruth, syntheticLandmarks } from '../solve/synthetic.ts';

const HEIGHT_M = 1.6;
const FRAMES = 6;
const landmarks = syntheticLandmarks(firstFrames(readTruth('walk_front'), FRAMES), { seed: 1, imagePx: 2, worldM: 0.02 });
const start = analyticStart(landmarks, { subjectHeightM: HEIGHT_M });
const { seen, camera } = start;
const state = stateFromRotations(start.root, start.rotations, HUMAN_JOINTS.length);
const offsets = bodyOffsets(start.skeleton);

const empty = (found: 0 | 1): BodyPoints => ({
  frameCount: FRAMES,
  points: BODY_POINTS,
  found: new Uint8Array(FRAMES).fill(found),
  imagePx: new Float64Array(FRAMES * BODY_POINTS.length * 2),
  imageSigma: new Float64Array(FRAMES * BODY_POINTS.length).fill(0.01),
  heightPx: new Float64Array(FRAMES).fill(500),
  worldM: new Float64Array(FRAMES * BODY_POINTS.length * 3),
  worldSigmaM: new Float64Array(FRAMES * BODY_POINTS.length * 3).fill(0.03),
});

/** Body points exactly where the body of `state` has them; elbows, wrists and knees are seen as landmarks and are not judged here. */
function pointsOfBody(): BodyPoints {
  const out = empty(1);
  const sightings = liftSightings(out, seen, HEIGHT_M);
  const marks = sightings.marksOf(offsets, HEIGHT_M);
  const pose = createBodyPose();
  const [point, hips] = [new Float64Array(3), new Float64Array(3)];
  for (let f = 0; f < FRAMES; f++) {
    poseBody(pose, state, f, offsets);
    pointOf(hips, pose, 0, marks.origin, 0);
    for (const { index, joint } of sightings.points) {
      const o = f * BODY_POINTS.length + index;
      pointOf(point, pose, joint, marks.image, index * 3);
      out.imagePx[o * 2] = camera.centreXPx - (camera.focalPx * point[0]) / point[2];
      out.imagePx[o * 2 + 1] = camera.centreYPx + (camera.focalPx * point[1]) / point[2];
      pointOf(point, pose, joint, marks.world, index * 3);
      for (let k = 0; k < 3; k++) out.worldM[o * 3 + k] = ((k === 0 ? 1 : -1) * (point[k] - hips[k]) * REFERENCE_HEIGHT_M) / HEIGHT_M;
    }
  }
  return out;
}

function costOf(frame: number, dof: number, by: number): number {
  const all = liftSightings(pointsOfBody(), seen, HEIGHT_M);
  const own = { ...all, points: all.points.filter(({ index }) => !/elbow|wrist|knee/.test(BODY_POINTS[index])) };
  const moved = createState(FRAMES);
  moved.root.set(state.root);
  moved.turns.set(state.turns);
  moved.angles.set(state.angles);
  const step = new Float64Array(DOFS);
  step[dof] = by;
  moveFrame(moved, frame, step, 0, new Float64Array(4));
  const pose = createBodyPose();
  poseBody(pose, moved, frame, offsets);
  const scene = {
    seen: own,
    camera,
    marks: own.marksOf(offsets, HEIGHT_M),
    distanceM: Float64Array.from({ length: FRAMES }, (_, f) => -state.root[f * 3 + 2]),
    worldScale: own.bodyScale(HEIGHT_M).scale,
  };
  return landmarkTerms(scene, frame, pose, createTermScratch());
}

describe('body points as sightings', () => {
  it('cost nothing where the body has them, something anywhere else', () => {
    expect(costOf(2, 0, 0)).toBeLessThan(1e-6);
    for (const dof of [0, 1, 2, 3, 6, 9]) expect(costOf(2, dof, 0.02)).toBeGreaterThan(1e-3);
  });

  it('lie at the joints themselves', () => {
    const { points, marksOf } = liftSightings(empty(1), seen, HEIGHT_M);
    const { world } = marksOf(offsets, HEIGHT_M);
    const knee = points.find(({ index }) => BODY_POINTS[index] === 'l_knee');
    const at = BODY_POINTS.indexOf('l_knee') * 3;
    expect(knee).toMatchObject({ joint: bodyJoint('thigh_l'), near: bodyJoint('calf_l') });
    expect([...world.subarray(at, at + 3)]).toEqual([...offsets.subarray(bodyJoint('calf_l') * 3, bodyJoint('calf_l') * 3 + 3)]);
  });

  it('say nothing about frames without a person', () => {
    const { imageShare, bodyShare } = liftSightings(empty(0), seen, HEIGHT_M);
    expect([...imageShare, ...bodyShare].every((share) => share === 0)).toBe(true);
  });
});

describe('even frames in the form of landmarks', () => {
  it('hold what was observed', () => {
    const again = observe(evenLandmarks(seen));
    expect(again.frameCount).toBe(seen.frameCount);
    again.bodyM.forEach((v, i) => {
      expect(v).toBeCloseTo(seen.bodyM[i], 6);
    });
    again.imagePx.forEach((v, i) => {
      expect(v).toBeCloseTo(seen.imagePx[i], 2);
    });
  });

  it('are not found in gaps', () => {
    expect([...evenLandmarks({ ...seen, gaps: [{ from: 1, to: 3 }] }).found]).toEqual([1, 0, 0, 1, 1, 1]);
  });
});

describe('the solve with the network', () => {
  const network = readLiftNetwork('balanced');

  it('is another motion than without, finite, and the same each time', () => {
    const once = solve(landmarks, { network, subjectHeightM: HEIGHT_M });
    expect(everyNumber(once.clip).every(Number.isFinite)).toBe(true);
    expect(solve(landmarks, { network, subjectHeightM: HEIGHT_M }).clip.rotations).toEqual(once.clip.rotations);
    expect(solve(landmarks, { subjectHeightM: HEIGHT_M }).clip.rotations).not.toEqual(once.clip.rotations);
  });

  it('follows the limbs in the picture: what is seen of elbows, wrists and knees is what the pose model saw', () => {
    const { imagePx } = liftSightings(liftLandmarks(evenLandmarks(seen), network, camera.focalPx), seen, HEIGHT_M);
    const wrist = BODY_POINTS.indexOf('l_wrist');
    expect(imagePx[(3 * BODY_POINTS.length + wrist) * 2]).toBe(seen.imagePx[(3 * 33 + 15) * 2]);
  });

  it('holds for the upper body alone', () => {
    const { clip } = solve(landmarks, { network, mocapType: 'upper_body' });
    expect(everyNumber(clip).every(Number.isFinite)).toBe(true);
  });
});
