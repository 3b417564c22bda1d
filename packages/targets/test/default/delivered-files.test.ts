import { readFbxBinary } from '@gaitway/formats/fbx/read-binary';
import { validateFbx } from '@gaitway/formats/fbx/validate';
import { jointPositions } from '@gaitway/motion/kinematics';
import { validateBytes } from 'gltf-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { HAS_FBX_SDK, jointsOfFbx } from '../../../formats/test/readers/fbx-sdk.ts';
import { threeBvh, threeFbx, threeGlb } from '../../../formats/test/readers/three.ts';
import { walkingClip } from '../../../formats/test/synthetic.ts';
import { defaultTarget } from '../../src/default/default-target.ts';
import type { Delivery } from '../../src/target.ts';

const FPS = 30;
const CLIP = walkingClip(FPS, 31);
const FRAMES = [0, 11, 29];

const deliver = (options: unknown): Promise<Delivery> => defaultTarget.deliver(CLIP, defaultTarget.parseOptions(options), {});

/** Position of every joint of the delivered motion in a frame, metres. */
function joints(delivery: Delivery, frame: number): ReadonlyMap<string, readonly number[]> {
  const all = jointPositions(delivery.motion);
  const { joints: named } = delivery.motion.skeleton;
  return new Map(named.map(({ name }, j) => [name, [0, 1, 2].map((k) => all[(frame * named.length + j) * 3 + k])]));
}

const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((v, k) => v - b[k]));

const named = (delivery: Delivery, name: string): Uint8Array => {
  const file = delivery.files.find((one) => one.name === name);
  if (!file) throw new Error(`${name} was not delivered`);
  return file.bytes;
};

describe('FBX, GLB and BVH of one clip', () => {
  let delivery: Delivery;
  beforeAll(async () => {
    delivery = await deliver({ formats: ['bvh', 'glb', 'fbx'], restPose: 't' });
  });

  it('are delivered in a fixed order, FBX first and always', async () => {
    expect(delivery.files.map(({ name }) => name)).toEqual(['default.fbx', 'default.glb', 'default.bvh']);
    expect((await deliver({ formats: ['bvh'] })).files.map(({ name }) => name)).toEqual(['default.fbx', 'default.bvh']);
  });

  it('agree with the delivered motion within 0.01 cm in three independent readers', async () => {
    const sdk = HAS_FBX_SDK ? jointsOfFbx(named(delivery, 'default.fbx'), { fps: FPS }) : undefined;
    const fbx = threeFbx(named(delivery, 'default.fbx'));
    const glb = await threeGlb(named(delivery, 'default.glb'));
    const bvh = threeBvh(named(delivery, 'default.bvh'));
    for (const frame of FRAMES) {
      for (const [name, position] of joints(delivery, frame)) {
        const read = [fbx, glb, bvh].map((scene) => scene.joint(name, frame / FPS));
        if (sdk) read.push(sdk.frames[frame][sdk.names.indexOf(name)]);
        for (const [i, one] of read.entries()) expect(distance(one, position), `${name}, frame ${frame}, reader ${i}`).toBeLessThan(1e-4);
      }
    }
  });

  it('have no fault for the validators', async () => {
    expect(validateFbx(readFbxBinary(named(delivery, 'default.fbx')))).toEqual([]);
    expect((await validateBytes(named(delivery, 'default.glb'))).issues.messages).toEqual([]);
  });
});

describe('the mixamo skeleton', () => {
  let ours: Delivery;
  let mixamo: Delivery;
  beforeAll(async () => {
    ours = await deliver({});
    mixamo = await deliver({ skeleton: 'mixamo', formats: ['glb'] });
  });

  it('has its own names, three spine joints and no metacarpals', () => {
    const names = mixamo.motion.skeleton.joints.map(({ name }) => name);
    expect(names.every((name) => name.startsWith('mixamorig:'))).toBe(true);
    expect(names.filter((name) => name.includes('Spine'))).toEqual(['mixamorig:Spine', 'mixamorig:Spine1', 'mixamorig:Spine2']);
    expect(names.length).toBe(52);
  });

  it('keeps feet and hips where they were, and everything above within 5 mm', () => {
    const pairs = [
      ['pelvis', 'Hips', 1e-6],
      ['foot_l', 'LeftFoot', 1e-6],
      ['ball_r', 'RightToeBase', 1e-6],
      ['neck_01', 'Neck', 5e-3],
      ['head', 'Head', 5e-3],
      ['hand_l', 'LeftHand', 5e-3],
      ['index_03_r', 'RightHandIndex3', 5e-3],
    ] as const;
    for (const frame of FRAMES) {
      const [a, b] = [joints(ours, frame), joints(mixamo, frame)];
      for (const [from, to, toleranceM] of pairs) {
        expect(distance(a.get(from) ?? [], b.get(`mixamorig:${to}`) ?? []), `${to}, frame ${frame}`).toBeLessThan(toleranceM);
      }
    }
  });

  it.skipIf(!HAS_FBX_SDK)('is read by the Autodesk SDK as it was delivered, within 1e-3 cm', () => {
    const read = jointsOfFbx(named(mixamo, 'default.fbx'), { fps: FPS });
    for (const frame of FRAMES) {
      for (const [name, position] of joints(mixamo, frame)) {
        expect(distance(read.frames[frame][read.names.indexOf(name)], position), name).toBeLessThan(1e-5);
      }
    }
  });

  it('has no fault for the validators, its skin included', async () => {
    expect(validateFbx(readFbxBinary(named(mixamo, 'default.fbx')))).toEqual([]);
    expect((await validateBytes(named(mixamo, 'default.glb'))).issues.messages).toEqual([]);
  });

  it('has no root joint to move', () => {
    expect(() => defaultTarget.parseOptions({ skeleton: 'mixamo', rootMotion: 'root' })).toThrow('no root joint');
  });
});
