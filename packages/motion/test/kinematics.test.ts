import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HUMAN_JOINTS, HUMAN_SKELETON, scaledHuman } from '../src/human.ts';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from '../src/kinematics.ts';
import { normalize } from '../src/quaternion.ts';
import { expMap } from '../src/rotation.ts';
import { jointIndex } from '../src/skeleton.ts';
import { createTwoBoneScratch, solveTwoBone, toLocal } from '../src/two-bone-ik.ts';
import { distance } from '../src/vector.ts';

const parents = jointParents(HUMAN_SKELETON);
const offsets = jointOffsets(HUMAN_SKELETON);
const joints = HUMAN_JOINTS.length;

/** Deterministic random local rotations of moderate size. */
function pose(seed: number, sizeRad: number): Float64Array {
  const out = new Float64Array(joints * 4);
  let state = seed >>> 0 || 1;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  };
  for (let j = 0; j < joints; j++) expMap(out, j * 4, [random() * sizeRad, random() * sizeRad, random() * sizeRad], 0);
  return out;
}

describe('the human skeleton', () => {
  it('lists parents before children and has one root', () => {
    for (const [j, joint] of HUMAN_SKELETON.joints.entries()) expect(joint.parent).toBeLessThan(j);
    expect(HUMAN_SKELETON.joints.filter((joint) => joint.parent < 0).map((joint) => joint.name)).toEqual(['pelvis']);
    expect(new Set(HUMAN_JOINTS).size).toBe(joints);
  });

  it('is symmetric and of human proportions', () => {
    for (const joint of HUMAN_SKELETON.joints.filter((candidate) => candidate.name.endsWith('_l'))) {
      const twin = HUMAN_SKELETON.joints[jointIndex(HUMAN_SKELETON, joint.name.replace(/_l$/, '_r'))];
      expect(twin.translationM[0]).toBeCloseTo(-joint.translationM[0], 12);
      expect(twin.translationM.slice(1)).toEqual(joint.translationM.slice(1));
    }
    const bone = (name: string): number => Math.hypot(...HUMAN_SKELETON.joints[jointIndex(HUMAN_SKELETON, name)].translationM);
    expect(bone('calf_l') + bone('foot_l')).toBeGreaterThan(0.8);
    expect(bone('lowerarm_l') + bone('hand_l')).toBeCloseTo(0.537, 3);
  });

  it('scales joint by joint', () => {
    const doubled = scaledHuman('double', (name) => (name === 'calf_l' ? 2 : 1));
    const index = jointIndex(doubled, 'calf_l');
    expect(doubled.joints[index].translationM[1]).toBeCloseTo(HUMAN_SKELETON.joints[index].translationM[1] * 2, 12);
    expect(doubled.joints[index - 1]).toEqual(HUMAN_SKELETON.joints[index - 1]);
  });
});

describe('forward kinematics', () => {
  it('keeps bone lengths, and moves rigidly with the root', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: -3, max: 3, noNaN: true }), (seed, shift) => {
        const rotations = pose(seed, 1);
        const world = createWorldPose(HUMAN_SKELETON);
        const moved = createWorldPose(HUMAN_SKELETON);
        forwardKinematics(world, parents, offsets, Float64Array.of(0, 1, 0), 0, rotations, 0);
        forwardKinematics(moved, parents, offsets, Float64Array.of(shift, 1, -shift), 0, rotations, 0);
        for (let j = 1; j < joints; j++) {
          const bone = Math.hypot(...HUMAN_SKELETON.joints[j].translationM);
          expect(distance(world.positionsM, j * 3, world.positionsM, parents[j] * 3)).toBeCloseTo(bone, 10);
          expect(moved.positionsM[j * 3] - world.positionsM[j * 3]).toBeCloseTo(shift, 10);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('two-bone IK', () => {
  const [thigh, calf, foot] = ['thigh_l', 'calf_l', 'foot_l'].map((name) => jointIndex(HUMAN_SKELETON, name));

  /** Solves the left leg to a target and returns the world pose computed from the new local rotations. */
  function reach(
    rotations: Float64Array,
    target: Float64Array,
  ): { missM: number; world: ReturnType<typeof createWorldPose>; locals: Float64Array } {
    const world = createWorldPose(HUMAN_SKELETON);
    const root = Float64Array.of(0, 1, 0);
    forwardKinematics(world, parents, offsets, root, 0, rotations, 0);
    const q = world.rotations;
    const missM = solveTwoBone(q, thigh * 4, calf * 4, world.positionsM, thigh * 3, calf * 3, foot * 3, target, 0, createTwoBoneScratch());
    const changed = new Float32Array(joints * 4);
    changed.set(rotations);
    toLocal(changed, thigh * 4, q, 0, q, thigh * 4);
    toLocal(changed, calf * 4, q, thigh * 4, q, calf * 4);
    const locals = Float64Array.from(changed);
    for (let j = 0; j < joints; j++) normalize(locals, j * 4);
    const after = createWorldPose(HUMAN_SKELETON);
    forwardKinematics(after, parents, offsets, root, 0, locals, 0);
    return { missM, world: after, locals };
  }

  it('finds the pose back: FK → IK to where the foot is changes nothing', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const rotations = pose(seed, 0.8);
        const before = createWorldPose(HUMAN_SKELETON);
        forwardKinematics(before, parents, offsets, Float64Array.of(0, 1, 0), 0, rotations, 0);
        const { world, missM } = reach(rotations, before.positionsM.slice(foot * 3, foot * 3 + 3));
        expect(missM).toBeLessThan(1e-3);
        for (const j of [calf, foot]) expect(distance(world.positionsM, j * 3, before.positionsM, j * 3)).toBeLessThan(2e-3);
      }),
      { numRuns: 50 },
    );
  });

  it('reaches any target in reach and keeps the knee on its side', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0.2, max: 0.75, noNaN: true }),
        fc.double({ min: -0.3, max: 0.3, noNaN: true }),
        (seed, down, ahead) => {
          const rotations = pose(seed, 0.2);
          expMap(rotations, calf * 4, [0.6, 0, 0], 0);
          const target = Float64Array.of(0.09, 0.96 - down, ahead);
          const { world, missM } = reach(rotations, target);
          expect(missM).toBeLessThan(1e-12);
          expect(distance(world.positionsM, foot * 3, target, 0)).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('points at a target beyond reach and says by how much it misses', () => {
    const { world, missM } = reach(pose(1, 0), Float64Array.of(0.09, -0.5, 0));
    expect(missM).toBeCloseTo(distance(world.positionsM, foot * 3, [0.09, -0.5, 0], 0), 4);
    expect(missM).toBeGreaterThan(0.5);
  });
});
