import { readUnitreeCsv } from '@gaitway/formats/unitree/csv';
import { readRobotMotionJson } from '@gaitway/formats/unitree/json';
import type { Clip } from '@gaitway/motion/clip';
import { jointPositions } from '@gaitway/motion/kinematics';
import { describe, expect, it } from 'vitest';
import { G1_CAPSULES } from '../../src/unitree-g1/capsules.ts';
import { unitreeG1Target } from '../../src/unitree-g1/g1-target.ts';
import { createG1Pose, g1Forward } from '../../src/unitree-g1/kinematics.ts';
import { FOOT_LINKS, G1_DOF, g1Model } from '../../src/unitree-g1/model.ts';
import { g1Capsules } from '../../src/unitree-g1/preview.ts';
import { loadJudge } from './mujoco.ts';
import { clipOf, lieDown, stand, walk } from './people.ts';

const model = g1Model();
const deliver = (clip: Clip, options: unknown = {}) => unitreeG1Target.deliver(clip, unitreeG1Target.parseOptions(options), {});
const jsonOf = (bytes: Uint8Array): Record<string, unknown> & { quality: Record<string, unknown> } =>
  JSON.parse(new TextDecoder().decode(bytes));

describe('a walk', async () => {
  const clip = clipOf(walk(3));
  const delivery = await deliver(clip);
  const [json, csv, npz] = delivery.files;
  const motion = readRobotMotionJson(json.bytes);

  it('passes every check of the report', () => {
    const { verdicts, verdict, motion_kind } = jsonOf(json.bytes).quality as {
      verdicts: { check: string; pass: boolean }[];
      verdict: string;
      motion_kind: string;
    };
    expect(verdicts.filter((v) => !v.pass)).toEqual([]);
    expect([verdict, motion_kind]).toEqual(['pass', 'walk']);
    expect(delivery.warnings).toEqual([]);
  });

  it('has the documented fields first, in their spelling', () => {
    const document = jsonOf(json.bytes);
    expect(Object.keys(document).slice(0, 7)).toEqual([
      'version',
      'robotType',
      'fps',
      'frameCount',
      'root_pos',
      'root_rot_xyzw',
      'dof_pos',
    ]);
    expect(document).toMatchObject({ version: 1, robotType: 'unitree_g1', fps: 30, frameCount: 91 });
    expect(document.joint_names).toHaveLength(29);
  });

  it('says the same in JSON and CSV, to the digit', () => {
    const twin = readUnitreeCsv(csv.bytes, 30);
    expect(twin.rootM).toEqual(motion.rootM);
    expect(twin.rootQuaternion).toEqual(motion.rootQuaternion);
    expect(twin.angles).toEqual(motion.angles);
    expect([json.name, csv.name, npz.name]).toEqual(['unitree_g1.json', 'unitree_g1.csv', 'unitree_g1.npz']);
  });

  it('keeps quaternions of unit length and continuous sign', () => {
    const q = motion.rootQuaternion;
    for (let f = 0; f < motion.frameCount; f++) {
      expect(Math.abs(Math.hypot(...q.subarray(f * 4, f * 4 + 4)) - 1)).toBeLessThan(1e-6);
      const dot = f === 0 ? 1 : [0, 1, 2, 3].reduce((sum, k) => sum + q[f * 4 + k] * q[f * 4 - 4 + k], 0);
      expect(dot).toBeGreaterThan(0);
    }
  });

  it('walks forward along x by the scaled path', () => {
    const travel = motion.rootM[90 * 3] - motion.rootM[0];
    const scale = (jsonOf(json.bytes).retarget as { root_scale: number }).root_scale;
    expect(travel).toBeGreaterThan(0.97 * scale * 2.4);
    expect(travel).toBeLessThan(1.03 * scale * 2.4);
  });

  it('stands on its soles in MuJoCo too: they touch, never sink, and nothing else touches', async () => {
    const judge = await loadJudge(model);
    const contacts = jsonOf(json.bytes).contacts as { planted: number[][] };
    for (let f = 0; f < motion.frameCount; f += 5) {
      judge.pose(
        motion.rootM.subarray(f * 3, f * 3 + 3),
        motion.rootQuaternion.subarray(f * 4, f * 4 + 4),
        motion.angles.subarray(f * G1_DOF, (f + 1) * G1_DOF),
      );
      const geoms = judge.data.geom_xpos as Float64Array;
      for (const [foot, side] of ['left', 'right'].entries()) {
        const heights = [0, 1, 2, 3].map((k) => {
          const id = judge.mujoco.mj_name2id(judge.model, judge.mujoco.mjtObj.mjOBJ_GEOM.value, `${side}_ankle_roll_link_sole_${k}`);
          return geoms[id * 3 + 2] - 0.005;
        });
        expect(Math.min(...heights)).toBeGreaterThan(-0.005);
        if (contacts.planted[f][foot * 2] && contacts.planted[f][foot * 2 + 1]) expect(Math.max(...heights)).toBeLessThan(0.01);
      }
    }
  });

  it('is the same every time', async () => {
    const again = await deliver(clip);
    expect(
      again.files.map((file) => Buffer.from(file.bytes).equals(Buffer.from(delivery.files.find((f) => f.name === file.name)?.bytes ?? []))),
    ).toEqual([true, true, true]);
  });

  it('is the robot as a Clip: forward kinematics of both agree', () => {
    const positions = jointPositions(delivery.motion);
    const pose = createG1Pose();
    for (const f of [0, 45, 90]) {
      g1Forward(pose, model, motion.rootM, f * 3, motion.rootQuaternion, f * 4, motion.angles, f * G1_DOF);
      for (let l = 0; l < 30; l++) {
        const at = (f * 30 + l) * 3;
        expect(positions[at + 2]).toBeCloseTo(pose.positionsM[l * 3], 5);
        expect(positions[at]).toBeCloseTo(pose.positionsM[l * 3 + 1], 5);
        expect(positions[at + 1]).toBeCloseTo(pose.positionsM[l * 3 + 2], 5);
      }
    }
    const capsules = g1Capsules(delivery.motion);
    expect(capsules).toHaveLength(91 * G1_CAPSULES.length * 6);
    const foot = G1_CAPSULES.findIndex((c) => c.link === FOOT_LINKS[0]);
    expect(capsules[foot * 6 + 1]).toBeLessThan(0.1);
  });
});

describe('hard input', () => {
  it.each([1, 2, 3])('a clip of %i frames', async (frames) => {
    const delivery = await deliver(clipOf(stand(frames)));
    expect(delivery.frameCount).toBe(frames);
    expect(delivery.motion.rotations.every(Number.isFinite)).toBe(true);
  });

  it('holes are filled and counted, and lower the confidence', async () => {
    const whole = clipOf(walk(1));
    const rotations = whole.rotations.slice();
    const stride = whole.skeleton.joints.length * 4;
    rotations.fill(Number.NaN, 10 * stride, 12 * stride);
    const delivery = await deliver({ ...whole, rotations });
    const { quality } = jsonOf(delivery.files[0].bytes);
    expect(quality.clipped_inputs).toBe(2 * whole.skeleton.joints.length);
    expect(quality.low_confidence_frames).toBeGreaterThan(0);
    expect(delivery.motion.rotations.every(Number.isFinite)).toBe(true);
  });

  it('a child walks as an adult does, at the robot scale', async () => {
    const figures = walk(1.5).map((figure) => ({ ...figure, pelvisM: [0, figure.pelvisM[1] * 0.6, figure.pelvisM[2] * 0.6] as const }));
    const delivery = await deliver(clipOf(figures, 30, 0.6));
    expect(delivery.quality.direction_error_thigh_deg).toBeLessThan(3);
    expect(delivery.quality.sole_penetration_over_1_cm_percent).toBe(0);
  });

  it('a person who lies down: no limit broken, no sole in the floor, the trunk not under it', async () => {
    const delivery = await deliver(clipOf(lieDown(2)));
    expect(delivery.quality.position_limits_frames).toBe(0);
    expect(delivery.quality.velocity_limits_samples).toBe(0);
    expect(Math.min(...Array.from({ length: delivery.frameCount }, (_, f) => delivery.motion.rootTranslationM[f * 3 + 1]))).toBeGreaterThan(
      0.03,
    );
  });

  it('arms inside the torso are pushed out', async () => {
    const inside = stand(20).map((figure) => ({
      ...figure,
      arms: [
        [0, -2.6],
        [0, -2.6],
      ] as const,
    }));
    const delivery = await deliver(clipOf(inside));
    expect(delivery.quality.self_collision_max_m).toBeLessThan(0.03);
  });
});

describe('options', () => {
  it('50 fps and a lead-in from a stance', async () => {
    const delivery = await deliver(clipOf(walk(1)), { fps: 50, startEndBlendSec: 0.5, formats: ['json'] });
    expect(delivery.fps).toBe(50);
    expect(delivery.frameCount).toBe(51 + 2 * 25);
    expect(delivery.files.map((file) => file.name)).toEqual(['unitree_g1.json']);
    const motion = readRobotMotionJson(delivery.files[0].bytes);
    expect(motion.angles[3]).toBeCloseTo(0.3, 6);
    expect(delivery.quality.sole_penetration_over_1_cm_percent).toBe(0);
  });

  it('a lower joint speed is kept', async () => {
    const delivery = await deliver(clipOf(walk(1)), { maxJointVelocityRadS: 3, formats: ['json'] });
    const { quality } = jsonOf(delivery.files[0].bytes);
    expect((quality.velocity_max as { rad_s: number }).rad_s).toBeLessThan(3.1);
  });

  it.each([{ fps: 25 }, { startEndBlendSec: -1 }, { handMode: 'fist' }, { formats: 'csv' }, { maxJointVelocityRadS: Number.NaN }, 'x'])(
    'refuses %j',
    (raw) => {
      expect(() => unitreeG1Target.parseOptions(raw)).toThrow(expect.objectContaining({ code: 'option_invalid' }));
    },
  );

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(unitreeG1Target.deliver(clipOf(walk(1)), unitreeG1Target.parseOptions({}), { signal })).rejects.toThrow();
  });
});
