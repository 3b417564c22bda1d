import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clip } from '@gaitway/motion/clip';
import { jointPositions } from '@gaitway/motion/kinematics';
import { rotate } from '@gaitway/motion/quaternion';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Capture, captureLandmarks } from '../../src/capture-landmarks.ts';
import type { Landmarks } from '../../src/landmarks.ts';
import { firstSolve } from '../../src/solve/first-solve.ts';
import type { SubjectChoice } from '../../src/tracking/subject.ts';
import { makeClip } from '../video/toolchains.ts';

const options = { quality: 'fast', cacheDir: join(tmpdir(), 'gaitway-test-models') } as const;
const sample = (name: string): string => join(import.meta.dirname, '../../../../samples', name);
const HALF_PX = 640;
const SECONDS = 0.9;
const MIDDLE = `crop=${HALF_PX}:720:320:0,trim=0:${SECONDS},setpts=PTS-STARTPTS`;
const ENCODING = ['-an', '-preset', 'ultrafast', '-crf', '16'];

const capture = (path: string, subject?: SubjectChoice): Promise<Capture> =>
  captureLandmarks(path, { ...options, ...(subject && { subject }) });

/**
 * Mean distance of the joints of two motions with their pelvises laid upon each other, millimetres. Turned too: who stands at the
 * edge of a picture is seen at an angle, and that is taken for one that the camera has.
 */
const poseDistanceMm = (a: Landmarks, b: Landmarks): number => {
  const [p, q] = [a, b]
    .map((landmarks) => firstSolve(landmarks, { subjectHeightM: 1.7 }).clip)
    .map((clip) => ({ clip, at: jointPositions(clip) }));
  const joints = p.clip.skeleton.joints.length;
  const frames = Math.min(p.clip.frameCount, q.clip.frameCount);
  let sumM = 0;
  for (let f = 0; f < frames; f++) {
    for (let j = 0; j < joints; j++) {
      const [a, b] = [p, q].map(({ clip, at }) => inPelvis(clip, at, f, j));
      sumM += Math.hypot(...[0, 1, 2].map((k) => a[k] - b[k]));
    }
  }
  return (sumM / (frames * joints)) * 1000;
};

/** Position of a joint in the axes of the pelvis, metres. */
function inPelvis(clip: Clip, positions: Float64Array, f: number, j: number): Float64Array {
  const joints = clip.skeleton.joints.length;
  const pelvis = f * joints;
  const out = Float64Array.from([0, 1, 2], (k) => positions[(pelvis + j) * 3 + k] - positions[pelvis * 3 + k]);
  const [x, y, z, w] = clip.rotations.subarray(pelvis * 4, pelvis * 4 + 4);
  rotate(out, 0, Float64Array.of(-x, -y, -z, w), 0, out, 0);
  return out;
}

describe('two people side by side', () => {
  const alone: Capture[] = [];
  let path = '';
  let byDefault: Capture;

  beforeAll(async () => {
    const inputs = ['-i', sample('walk_front.mp4'), '-i', sample('punch_34.mp4')];
    path = await makeClip('side-by-side.mp4', [
      ...inputs,
      '-filter_complex',
      `[0:v]${MIDDLE}[a];[1:v]${MIDDLE}[b];[a][b]hstack`,
      ...ENCODING,
    ]);
    for (const [i, name] of ['walk_front.mp4', 'punch_34.mp4'].entries()) {
      alone.push(await capture(await makeClip(`alone-${i}.mp4`, ['-i', sample(name), '-vf', MIDDLE, ...ENCODING])));
    }
    byDefault = await capture(path);
  });

  it('are both listed, with when and where, and a number to choose them by', () => {
    const { people } = byDefault;
    expect(people.map(({ index }) => index)).toEqual([0, 1]);
    expect(people.filter(({ isSubject }) => isSubject)).toHaveLength(1);
    const sides = people.map(({ meanBox }) => (meanBox.x + meanBox.width / 2 < HALF_PX ? 'left' : 'right'));
    expect([...sides].sort()).toEqual(['left', 'right']);
    for (const { path: points, firstSec, lastSec, firstBox } of people) {
      expect(lastSec).toBeGreaterThan(SECONDS - 0.1);
      expect(points[0]).toEqual([firstSec, firstBox.x, firstBox.y, firstBox.width, firstBox.height]);
      expect(points.slice(1).every(([timeSec], i) => timeSec - points[i][0] >= 0.5)).toBe(true);
    }
  });

  it.each([
    ['left', 0, 'a point'],
    ['right', 1, 'number'],
  ] as const)(
    'the one on the %s (%s) is chosen by %s, never mixed, and moves as in the clip of that person alone',
    async (side, i, how) => {
      const number = byDefault.people.findIndex(({ meanBox }) => (meanBox.x + meanBox.width / 2 < HALF_PX ? 0 : 1) === i);
      const point = { xPx: i * HALF_PX + 300, yPx: 330, timeSec: 0.5 };
      const { landmarks, people } = await capture(path, how === 'number' ? { index: number } : point);
      expect(people.findIndex(({ isSubject }) => isSubject)).toBe(number);
      expect(landmarks.found.every((found) => found === 1)).toBe(true);
      for (let at = 0; at < landmarks.imagePx.length; at += 3) {
        const x = landmarks.imagePx[at] - i * HALF_PX;
        expect(x > -60 && x < HALF_PX + 60, `${side}: ${x}`).toBe(true);
      }
      // Encoding the same pictures again moves the joints by 5 to 10 mm.
      expect(poseDistanceMm(landmarks, alone[i].landmarks)).toBeLessThan(30);
    },
  );

  it('a number that nobody has is refused with how many there are', async () => {
    await expect(capture(path, { index: 2 })).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringContaining('0 to 1'),
      facts: { peopleCount: 2 },
    });
  });
});
