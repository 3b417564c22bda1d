import { isGaitwayError } from '@gaitway/motion/errors';
import { jointPositions } from '@gaitway/motion/kinematics';
import { jointIndex } from '@gaitway/motion/skeleton';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBvh } from '../../src/bvh/parse.ts';
import { bvhToClip } from '../../src/bvh/to-clip.ts';
import { bvhText, DIALECTS, type TestPose } from './figures.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Stands for a second, then lifts the left knee. X rotation: negative swings a hanging thigh forward. */
const POSES: TestPose[] = Array.from({ length: 31 }, (_, f) => {
  const s = Math.max(0, (f - 15) / 15);
  return { hipsM: [0.3, 0.97, 0.1], thighDeg: [-60 * s, 0], kneeDeg: [80 * s, 0] };
});

const SMALL = `HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Zrotation Yrotation Xrotation Yposition Xposition Zposition
  JOINT a b
  {
    OFFSET 0 1 0
    CHANNELS 6 Xposition Yposition Zposition Yrotation Xrotation Zrotation
    End Site
    {
      OFFSET 0 1 0
    }
  }
}
MOTION
Frames: 1
Frame Time: 0.01
1 2 3 4 5 6 7 8 9 10 11 12
`;

describe('parseBvh', () => {
  it('takes any channel order, positions on every joint, names with spaces', () => {
    const motion = parseBvh(bytes(SMALL));
    expect(motion.joints.map((j) => j.name)).toEqual(['Hips', 'a b']);
    expect(motion.joints[0].channels[3]).toBe('Yposition');
    expect(Array.from(motion.values)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(motion.joints[1].endSite).toEqual([0, 1, 0]);
  });

  it('takes tabs, CRLF, a byte order mark, a brace on the line of the name', () => {
    const wild = `\u00ef\u00bb\u00bf${SMALL.replace('Hips\n{', 'Hips {').replaceAll('  ', '\t').replaceAll('\n', '\r\n')}`;
    expect(parseBvh(Uint8Array.from(wild, (c) => c.charCodeAt(0))).frameCount).toBe(1);
  });

  it('believes the rows, not the frame count, and leaves out a frame that is cut off', () => {
    const lying = parseBvh(bytes(`${SMALL.replace('Frames: 1', 'Frames: 9')}1 2 3 4 5 6 7 8 9 10 11 12\n1 2 3\n`));
    expect(lying.frameCount).toBe(2);
    expect(lying.warnings).toHaveLength(2);
  });

  it.each([
    ['', 1, 'HIERARCHY'],
    ['HIERARCHY\nROOT x\n{\nOFFSET 0 zero 0', 4, 'offset'],
    [SMALL.replace('Yposition Xposition', 'Yposition Wposition'), 5, 'Wposition'],
    [SMALL.replace('Yposition Xposition', 'Yposition Yposition'), 5, 'twice'],
    [SMALL.replace('CHANNELS 6 Z', 'CHANNELS 7 Z'), 5, 'channels'],
    [SMALL.replace('Frame Time: 0.01', 'Frame Time: 0'), 18, 'frame time'],
    [SMALL.replace('7 8 9', '7 NaN 9'), 19, 'NaN'],
    [SMALL.replace('7 8 9', '7 1e999 9'), 19, '1e999'],
    [SMALL.replace('MOTION', 'MOVIE'), 16, 'MOTION'],
    [SMALL.split('MOTION')[0], 16, 'end of the file'],
  ])('refuses nonsense with the line: case %#', (text, line, word) => {
    expect(() => parseBvh(bytes(text))).toThrow(
      expect.objectContaining({ code: 'motion_unreadable', message: expect.stringMatching(new RegExp(`line ${line}:.*${word}`)) }),
    );
  });

  it('refuses nesting without end', () => {
    const deep = `HIERARCHY\nROOT r\n{\nOFFSET 0 0 0\n${'JOINT j\n{\nOFFSET 0 1 0\n'.repeat(5000)}`;
    expect(() => parseBvh(bytes(deep))).toThrow(/nested deeper/);
  });

  it('answers a damaged file with its own error or not at all', () => {
    const good = bvhText(DIALECTS.lafan1, POSES.slice(0, 3));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ maxLength: 12 }), fc.nat(40), (at, insert, cut) => {
        try {
          parseBvh(bytes(good.slice(0, at) + insert + good.slice(at + cut)));
        } catch (error) {
          expect(isGaitwayError(error)).toBe(true);
        }
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});

describe.each(Object.entries(DIALECTS))('bvhToClip of %s', (_, dialect) => {
  const { clip, metersPerUnit, upAxis } = bvhToClip(parseBvh(bytes(bvhText(dialect, POSES))));
  const positions = jointPositions(clip);
  const at = (f: number, name: string): number[] => {
    const i = (f * clip.skeleton.joints.length + jointIndex(clip.skeleton, name)) * 3;
    return Array.from(positions.subarray(i, i + 3));
  };
  const minus = (a: number[], b: number[]): number[] => a.map((v, k) => v - b[k]);

  it('finds unit, up axis and rate', () => {
    expect(metersPerUnit * dialect.unitsPerMetre).toBeCloseTo(1, 3);
    expect(upAxis).toBe(dialect.zUp ? 'z' : 'y');
    expect(clip.fps).toBe(30);
  });

  it('keeps bone directions and lengths', () => {
    expect(minus(at(0, 'hand_l'), at(0, 'upperarm_l')).map((v) => Number(v.toFixed(4)))).toEqual(
      [0.53, 0, 0].map((v) => expect.closeTo(v, 3)),
    );
    const thigh = minus(at(30, 'calf_l'), at(30, 'thigh_l'));
    expect(thigh[1]).toBeCloseTo(-0.42 * Math.cos(Math.PI / 3), 3);
    expect(thigh[2]).toBeCloseTo(0.42 * Math.sin(Math.PI / 3), 3);
    const shin = minus(at(30, 'foot_l'), at(30, 'calf_l'));
    expect(shin[2]).toBeCloseTo(-0.42 * Math.sin(Math.PI / 9), 3);
    expect(minus(at(30, 'foot_r'), at(30, 'thigh_r'))[1]).toBeCloseTo(-0.84, 3);
  });

  it('stands on the floor, faces forward, above the origin, with its contacts', () => {
    expect(at(0, 'pelvis')[0]).toBeCloseTo(0, 6);
    expect(at(0, 'head')[1]).toBeGreaterThan(1.4);
    expect(at(0, 'ball_r')[1]).toBeLessThan(0.06);
    expect(at(0, 'ball_r')[2]).toBeGreaterThan(at(0, 'foot_r')[2]);
    expect(at(0, 'foot_l')[0]).toBeGreaterThan(0.05);
    expect(Array.from(clip.contacts.subarray(0, 4))).toEqual([1, 1, 1, 1]);
    expect(Array.from(clip.contacts.subarray(30 * 4, 31 * 4))).toEqual([0, 0, 1, 1]);
  });
});

describe('bvhToClip refuses', () => {
  it('an animal, and says which limbs it did not find', () => {
    const horse = bvhText(DIALECTS.lafan1, POSES).replaceAll('Hand', 'Hoof').replaceAll('RightFoot', 'RightHoof');
    expect(() => bvhToClip(parseBvh(bytes(horse)))).toThrow(/right leg, left arm, right arm/);
  });

  it('legs without length', () => {
    const flat = bvhText({ ...DIALECTS.lafan1, unitsPerMetre: 0 }, POSES);
    expect(() => bvhToClip(parseBvh(bytes(flat)))).toThrow(expect.objectContaining({ code: 'motion_unreadable' }));
  });
});

it('options override what was found', () => {
  const motion = parseBvh(bytes(bvhText(DIALECTS.lafan1, POSES)));
  expect(bvhToClip(motion, { metersPerUnit: 0.02 }).metersPerUnit).toBe(0.02);
  expect(bvhToClip(motion, { upAxis: 'z' }).upAxis).toBe('z');
});
