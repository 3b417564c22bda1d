import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultTarget } from '@gaitway/targets/default/default-target';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_FBX_SDK } from '../../packages/formats/test/readers/fbx-sdk.ts';
import type { Delivered } from '../src/accuracy/delivered.ts';
import { readDelivered } from '../src/accuracy/delivered.ts';
import { rotationErrorsDeg } from '../src/scores/rotations.ts';
import { score } from '../src/scores.ts';
import { caseNamed } from '../src/synthetic/cases.ts';
import { truthOf } from '../src/synthetic/judge.ts';
import { worldPoses } from '../src/synthetic/puppet.ts';
import { motionOf } from '../src/synthetic/run-case.ts';
import type { Truth } from '../src/truth.ts';

/** Joints of ours under the truth's names. */
const TURNED = { hips: 'pelvis', l_elbow: 'lowerarm_l', r_knee: 'calf_r', head: 'head' };

describe.skipIf(!HAS_FBX_SDK)('a delivered file read back', () => {
  const one = caseNamed('squats');
  const clip = motionOf(one);
  const folder = mkdtempSync(join(tmpdir(), 'gaitway-delivered-'));
  let delivered: Delivered;

  beforeAll(async () => {
    const options = defaultTarget.parseOptions({ proportions: 'person', footLock: 'off', fps: 30 });
    const { files } = await defaultTarget.deliver(clip, options, {});
    writeFileSync(join(folder, 'default.fbx'), files[0].bytes);
    delivered = readDelivered(join(folder, 'default.fbx'), 30);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has the joints where the clip has them', () => {
    const scores = score(truthOf('squats', clip, one.heightM), delivered.tracks);
    expect(scores.mpjpeMm).toBeLessThan(0.2);
    expect(scores.wMetricMm).toBeLessThan(0.5);
    expect(scores.boneLengthErrorPct).toBeLessThan(0.02);
    expect(scores.coverage).toBe(1);
  });

  it('has them turned as the clip has them', () => {
    const errors = rotationErrorsDeg(withRotations(truthOf('squats', clip, one.heightM)), delivered.turned, 0, clip.frameCount);
    expect(Object.keys(errors).sort()).toEqual(Object.keys(TURNED).sort());
    for (const angle of Object.values(errors)) expect(angle).toBeLessThan(0.1);
  });

  it('stands with its skin on the floor', () => {
    expect(Math.abs(delivered.lowestSoleM)).toBeLessThan(0.02);
    expect(delivered.lowestVertexM).toBeLessThanOrEqual(delivered.lowestSoleM);
  });

  /** The truth with the rotations of the clip, whose rest pose is ours: nothing has to be turned. */
  function withRotations(truth: Truth): Truth {
    const { rotations } = worldPoses(clip);
    const joints = clip.skeleton.joints.length;
    const at = Object.values(TURNED).map((name) => clip.skeleton.joints.findIndex((joint) => joint.name === name));
    return {
      ...truth,
      rot_joints: Object.keys(TURNED),
      rest_joints: {},
      frames: truth.frames.map((frame, f) => ({
        ...frame,
        rot: at.map((j) => {
          const [x, y, z, w] = rotations.subarray((f * joints + j) * 4, (f * joints + j) * 4 + 4);
          return [w, x, y, z];
        }),
      })),
    };
  }
});
