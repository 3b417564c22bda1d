import { readFbxBinary } from '@gaitway/formats/fbx/read-binary';
import { validateFbx } from '@gaitway/formats/fbx/validate';
import { jointPositions } from '@gaitway/motion/kinematics';
import { describe, expect, it } from 'vitest';
import { HAS_FBX_SDK, jointsOfFbx } from '../../../formats/test/readers/fbx-sdk.ts';
import { threeFbx } from '../../../formats/test/readers/three.ts';
import { walkingClip } from '../../../formats/test/synthetic.ts';
import { defaultTarget } from '../../src/default/default-target.ts';
import type { Delivery } from '../../src/target.ts';

const CLIP = walkingClip(30, 46);

const deliver = (options: unknown, clip = CLIP): Promise<Delivery> => defaultTarget.deliver(clip, defaultTarget.parseOptions(options), {});

/** Position of a joint of the delivered motion, metres. */
function delivered(delivery: Delivery, joint: string, frame: number): number[] {
  const names = delivery.motion.skeleton.joints.map(({ name }) => name);
  const at = (frame * names.length + names.indexOf(joint)) * 3;
  return [...jointPositions(delivery.motion).subarray(at, at + 3)];
}

describe.skipIf(!HAS_FBX_SDK)('the delivered FBX, read by the Autodesk SDK', () => {
  it.each([
    { fps: 24 },
    { fps: 30, restPose: 't' },
    { fps: 60, rootMotion: 'root' },
    { fps: 120, proportions: 'person' },
    { fps: 30, rootMotion: 'in-place', restPose: 't' },
  ])('agrees with the delivered motion within 1e-3 cm: %o', async (options) => {
    const delivery = await deliver(options);
    expect(delivery.frameCount).toBe(Math.round(1.5 * options.fps) + 1);
    expect(validateFbx(readFbxBinary(delivery.files[0].bytes))).toEqual([]);
    const step = options.fps === 120 ? 2 : 1;
    const read = jointsOfFbx(delivery.files[0].bytes, { fps: (options.fps / step) as 24 | 30 | 60 });
    const ours = jointPositions(delivery.motion);
    const joints = delivery.motion.skeleton.joints;
    const distances = read.frames.flatMap((frame, f) =>
      joints.map(({ name }, j) => {
        const i = (f * step * joints.length + j) * 3;
        return Math.hypot(...frame[read.names.indexOf(name)].map((v, k) => v - ours[i + k]));
      }),
    );
    expect(read.frames.length).toBe((delivery.frameCount - 1) / step + 1);
    expect(distances.every((d) => d < 1e-5)).toBe(true);
  });
});

describe('root motion', () => {
  it('pelvis: the root stands still on the floor', async () => {
    const scene = threeFbx((await deliver({})).files[0].bytes);
    expect(scene.joint('root', 1)).toEqual([0, 0, 0]);
  });

  it('root: the root follows the body along the floor', async () => {
    const delivery = await deliver({ rootMotion: 'root' });
    const scene = threeFbx(delivery.files[0].bytes);
    const [x, y, z] = scene.joint('root', 1);
    const pelvis = delivered(delivery, 'pelvis', 30);
    expect(y).toBe(0);
    expect(Math.hypot(x - pelvis[0], z - pelvis[2])).toBeLessThan(0.05);
    expect(z).toBeGreaterThan(0.9);
  });

  it('in-place: the body stays above the origin, at the height it had', async () => {
    const walked = await deliver({});
    const still = await deliver({ rootMotion: 'in-place' });
    for (const frame of [0, 20, 45]) {
      const [x, y, z] = delivered(still, 'pelvis', frame);
      expect(Math.hypot(x, z)).toBeLessThan(0.02);
      expect(y).toBe(delivered(walked, 'pelvis', frame)[1]);
    }
  });
});

describe('the delivered motion', () => {
  it('has planted feet on the standard rig whatever the size of the person', async () => {
    const small = { ...CLIP, skeleton: { ...CLIP.skeleton, joints: CLIP.skeleton.joints.map(shrunk) } };
    small.rootTranslationM = CLIP.rootTranslationM.map((v) => v * 0.8);
    const standard = await deliver({ proportions: 'standard' }, small);
    const reference = await deliver({ proportions: 'standard' });
    const a = jointPositions(standard.motion);
    const b = jointPositions(reference.motion);
    // A person of the same shape and another size delivers the same motion on the standard rig.
    expect(Math.max(...a.map((v, i) => Math.abs(v - b[i])))).toBeLessThan(1e-5);
    expect(standard.quality.floatMaxM).toBeLessThan(1e-3);
  });

  it('keeps true metres with the proportions of the person', async () => {
    const small = { ...CLIP, skeleton: { ...CLIP.skeleton, joints: CLIP.skeleton.joints.map(shrunk) } };
    const { motion } = await deliver({ proportions: 'person' }, small);
    expect(motion.skeleton).toBe(small.skeleton);
  });

  it('is in the same place with an A-pose and a T-pose rest, whose arms are horizontal', async () => {
    const [a, t] = [await deliver({ restPose: 'a' }), await deliver({ restPose: 't' })];
    const before = jointPositions(a.motion);
    const after = jointPositions(t.motion);
    expect(Math.max(...before.map((v, i) => Math.abs(v - after[i])))).toBeLessThan(1e-6);
    const elbow = t.motion.skeleton.joints.find(({ name }) => name === 'lowerarm_r')?.translationM ?? [0, 0, 0];
    expect(elbow[0]).toBeCloseTo(-0.285, 6);
    expect(Math.hypot(elbow[1], elbow[2])).toBeLessThan(1e-9);
  });

  it('is measured: an unplanted walk slides more than the delivered one', async () => {
    const planted = await deliver({});
    const loose = await deliver({ footLock: 'off' });
    expect(planted.quality.footSlideMmPerFrame).toBeLessThan(loose.quality.footSlideMmPerFrame / 2);
    expect(planted.quality.floatMaxM).toBeLessThan(0.001);
    expect(planted.quality.lowConfidenceFrames).toBe(0);
    expect(Object.values(planted.quality).every(Number.isFinite)).toBe(true);
  });

  it('comes out as the same bytes every time', async () => {
    const [first, second] = [await deliver({}), await deliver({})];
    expect(Buffer.compare(first.files[0].bytes, second.files[0].bytes)).toBe(0);
  });

  it.each([1, 2, 3])('can be as short as %i frames', async (frameCount) => {
    const short = await deliver({ formats: ['glb', 'bvh'], rootMotion: 'root' }, walkingClip(30, frameCount));
    expect(short.frameCount).toBe(frameCount);
    expect(validateFbx(readFbxBinary(short.files[0].bytes))).toEqual([]);
    expect(jointPositions(short.motion).every(Number.isFinite)).toBe(true);
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(defaultTarget.deliver(CLIP, defaultTarget.parseOptions({}), { signal })).rejects.toMatchObject({ code: 'canceled' });
  });
});

function shrunk<T extends { readonly translationM: readonly [number, number, number] }>(joint: T): T {
  const [x, y, z] = joint.translationM;
  return { ...joint, translationM: [x * 0.8, y * 0.8, z * 0.8] };
}
