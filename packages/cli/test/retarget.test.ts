import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gaitway } from './gaitway.ts';

const JOINTS: readonly (readonly [name: string, depth: number, offset: string])[] = [
  ['LeftUpLeg', 1, '9 -4 0'],
  ['LeftLeg', 2, '0 -42 0'],
  ['LeftFoot', 3, '0 -42 0'],
  ['LeftToe', 4, '0 -6 13'],
  ['RightUpLeg', 1, '-9 -4 0'],
  ['RightLeg', 2, '0 -42 0'],
  ['RightFoot', 3, '0 -42 0'],
  ['RightToe', 4, '0 -6 13'],
  ['Spine', 1, '0 40 0'],
  ['Head', 2, '0 25 0'],
  ['LeftArm', 2, '18 10 0'],
  ['LeftForeArm', 3, '28 0 0'],
  ['LeftHand', 4, '25 0 0'],
  ['RightArm', 2, '-18 10 0'],
  ['RightForeArm', 3, '-28 0 0'],
  ['RightHand', 4, '-25 0 0'],
];

/** Somebody in a T-pose with arms that slowly sink: 20 frames in centimetres. */
function bvh(): string {
  const lines = ['HIERARCHY', 'ROOT Hips', '{', 'OFFSET 0 0 0', 'CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation'];
  let depth = 1;
  for (const [name, at, offset] of JOINTS) {
    for (; depth > at; depth--) lines.push('}');
    lines.push(`JOINT ${name}`, '{', `OFFSET ${offset}`, 'CHANNELS 3 Zrotation Xrotation Yrotation');
    depth = at + 1;
  }
  for (; depth > 0; depth--) lines.push('}');
  const rows = Array.from({ length: 20 }, (_, f) => {
    const turn = (name: string): string => (name === 'LeftArm' ? `${-3 * f} 0 0` : name === 'RightArm' ? `${3 * f} 0 0` : '0 0 0');
    return ['0 97 0 0 0 0', ...JOINTS.map(([name]) => turn(name))].join(' ');
  });
  return [...lines, 'MOTION', 'Frames: 20', 'Frame Time: 0.0333333', ...rows, ''].join('\n');
}

describe('gaitway retarget and inspect', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'gaitway-retarget-'));
    await writeFile(path.join(folder, 'arms.bvh'), bvh());
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('makes the files of both targets from a BVH, and reports on its own CSV', async () => {
    const out = path.join(folder, 'out');
    const made = await gaitway(['retarget', path.join(folder, 'arms.bvh'), '--targets', 'unitree_g1,default', '--out', out]);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('20 frames at 30 fps, y up, 1 unit = 0.01 m') });
    const motion = JSON.parse(await readFile(path.join(out, 'unitree_g1.json'), 'utf8'));
    expect(motion).toMatchObject({ robotType: 'unitree_g1', frameCount: 20 });
    expect((await readFile(path.join(out, 'default.fbx'))).subarray(0, 18).toString()).toBe('Kaydara FBX Binary');
    expect((await readFile(path.join(out, 'preview.mp4'))).subarray(4, 8).toString()).toBe('ftyp');
    const inspected = await gaitway(['inspect', path.join(out, 'unitree_g1.csv'), '--json']);
    const report = JSON.parse(inspected.stdout);
    expect(report).toMatchObject({ frame_count: 20, fps: 30, limit_violation_frames: 0, velocity_limit_samples: 0 });
    const fromNpz = await gaitway(['inspect', path.join(out, 'unitree_g1.npz'), '--json']);
    expect(JSON.parse(fromNpz.stdout)).toEqual(report);
    const twin = await gaitway(['inspect', path.join(out, 'unitree_g1.json')]);
    expect(twin).toMatchObject({ code: 0, stdout: expect.stringContaining('not hardware commands') });
  });

  it('hands the options of the G1 to it: its own rate, a stance at both ends', async () => {
    const out = path.join(folder, 'options');
    const options = ['--g1-fps', '50', '--start-end-blend', '0.4', '--hand-mode', 'neutral', '--max-joint-velocity', '12'];
    const made = await gaitway(['retarget', path.join(folder, 'arms.bvh'), '--out', out, '--no-preview', ...options]);
    expect(made.code).toBe(0);
    const motion = JSON.parse(await readFile(path.join(out, 'unitree_g1.json'), 'utf8'));
    expect(motion).toMatchObject({
      fps: 50,
      frameCount: 33 + 2 * 20,
      flags: { lead_frames: 20 },
      retarget: { hand_mode: 'neutral', max_joint_velocity_rad_s: 12, start_end_blend_sec: 0.4 },
    });
  });

  it('refuses what is no motion with the line, and leaves nothing behind', async () => {
    const broken = path.join(folder, 'broken.bvh');
    await writeFile(broken, bvh().replace('OFFSET 0 -42 0', 'OFFSET 0 x 0'));
    const ended = await gaitway(['retarget', broken, '--out', path.join(folder, 'none')]);
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringMatching(/line \d+: expected a number of the offset, found "x"/) });
    await expect(readFile(path.join(folder, 'none', 'unitree_g1.json'))).rejects.toThrow();
  });

  it.each([
    [['retarget'], /Name one file/],
    [['retarget', 'x.bvh'], /--out DIR/],
    [['retarget', 'x.bvh', '--out', 'y', '--up', 'w'], /--up is one of|cannot be read/],
    [['retarget', 'x.bvh', '--out', 'y', '--fps', '31'], /fps/],
    [['inspect'], /Name one file/],
    [['inspect', 'no-such-file.csv'], /cannot be read/],
  ])('says what is wrong with %j', async (args, message) => {
    const ended = await gaitway(args);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toMatch(message);
  });
});
