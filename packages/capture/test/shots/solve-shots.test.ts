import { isGaitwayError } from '@gaitway/motion/errors';
import { splitShots } from '@gaitway/motion/shots';
import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT, type Landmarks } from '../../src/landmarks.ts';
import { landmarksOf, shotSpans } from '../../src/shots/shot-spans.ts';
import { shotWarnings } from '../../src/shots/shot-warnings.ts';
import { type SolveOne, solveShots } from '../../src/shots/solve-shots.ts';
import { firstSolve } from '../../src/solve/first-solve.ts';
import { firstFrames, readTruth, syntheticLandmarks } from '../solve/synthetic.ts';

const walk = syntheticLandmarks(firstFrames(readTruth('walk_front'), 75), { seed: 3, imagePx: 2, worldM: 0.01 });
const FPS = walk.nominalFps;

/** The rows of a walk in another order, on an even clock; row −1 is a picture without the person. */
function cutTogether(rows: readonly number[]): Landmarks {
  const pick = <T extends Float32Array | Uint8Array>(from: T, out: T, width: number): T => {
    rows.forEach((row, f) => {
      if (row >= 0) out.set(from.subarray(row * width, (row + 1) * width), f * width);
    });
    return out;
  };
  const n = rows.length;
  return {
    ...walk,
    frameCount: n,
    timesSec: Float64Array.from(rows, (_, f) => f / FPS),
    found: pick(walk.found, new Uint8Array(n), 1),
    imagePx: pick(walk.imagePx, new Float32Array(n * LANDMARK_COUNT * 3), LANDMARK_COUNT * 3),
    worldM: pick(walk.worldM, new Float32Array(n * LANDMARK_COUNT * 3), LANDMARK_COUNT * 3),
    visibility: pick(walk.visibility, new Float32Array(n * LANDMARK_COUNT), LANDMARK_COUNT),
    score: pick(walk.score, new Float32Array(n), 1),
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const nobody = (count: number): number[] => new Array<number>(count).fill(-1);
const solveOne: SolveOne = (part) => firstSolve(part, { subjectHeightM: 1.7 });

describe('a clip with cuts', () => {
  const film = cutTogether([...nobody(10), ...range(0, 40), ...nobody(12), ...range(30, 60), ...range(0, 2)]);
  const spans = shotSpans(
    film.timesSec,
    [10, 50, 62, 92].map((frame) => frame / FPS),
  );
  const { clip, report } = solveShots(film, spans, solveOne);
  const shots = splitShots(clip);

  it('has one shot a cut more, on the frames of the video', () => {
    expect(clip).toMatchObject({ frameCount: 94, shotStarts: [10, 50, 62, 92] });
  });

  it('moves in each shot as if the others were not there', () => {
    const alone = solveOne(landmarksOf(film, spans[1]), spans[1]).clip;
    expect(shots[1]).toEqual(alone);
    const other = solveOne(landmarksOf(film, spans[3]), spans[3]).clip;
    for (const [i, v] of other.rootTranslationM.entries()) expect(shots[3].rootTranslationM[i]).toBeCloseTo(v, 1);
    expect(shots[3].confidence).toEqual(other.confidence);
    expect([...shots[3].rootTranslationM.slice(0, 3)].map((v, k) => (k === 1 ? 0 : v))).toEqual([0, 0, 0]);
  });

  it('has one skeleton: that of the shot which shows the person longest', () => {
    expect(clip.skeleton).toEqual(solveOne(landmarksOf(film, spans[1]), spans[1]).clip.skeleton);
  });

  it('holds a pose without confidence or contact where the person is not in the shot, or for a moment only', () => {
    const frame = (shot: number, f: number): Float32Array => shots[shot].rotations.slice(f * 4, f * 4 + 4);
    for (const [empty, like, at] of [
      [0, 1, 0],
      [2, 1, 39],
      [4, 3, 29],
    ] as const) {
      expect(Math.max(...shots[empty].confidence)).toBe(0);
      expect(Math.max(...shots[empty].contacts)).toBe(0);
      const joints = clip.skeleton.joints.length;
      expect(frame(empty, (shots[empty].frameCount - 1) * joints)).toEqual(frame(like, at * joints));
    }
  });

  it('reports gaps on the frames of the clip and says which shots are empty', () => {
    expect(report.gaps).toEqual([
      { from: 0, to: 10 },
      { from: 50, to: 62 },
      { from: 92, to: 94 },
    ]);
    expect(report.warnings).toContain('Shots 1, 3, 5: the person was not found; the pose before stands still there.');
  });

  it('has nobody where no shot shows the person for long enough', () => {
    const empty = cutTogether(nobody(60));
    const refuse = (): unknown => solveShots(empty, shotSpans(empty.timesSec, [1]), solveOne);
    expect(refuse).toThrow(expect.toSatisfy((e) => isGaitwayError(e) && e.code === 'no_person_detected'));
  });
});

describe('shots', () => {
  it('begin at the first frame after each cut, whatever the clock', () => {
    const timesSec = Float64Array.of(0, 0.04, 0.2, 0.21, 0.5);
    expect(shotSpans(timesSec, [])).toEqual([{ fromFrame: 0, toFrame: 5 }]);
    expect(shotSpans(timesSec, [0.2, 0.2, 0.5, 9]).map(({ fromFrame, toFrame }) => [fromFrame, toFrame])).toEqual([
      [0, 2],
      [2, 4],
      [4, 5],
    ]);
  });

  it('two of which begin in the same even frame leave no empty one behind', () => {
    const film = cutTogether([...range(0, 20), ...range(20, 40), -1]);
    const timesSec = Float64Array.from(film.timesSec);
    timesSec[20] = 19.6 / FPS;
    const { clip } = solveShots(
      { ...film, timesSec },
      [
        { fromFrame: 0, toFrame: 20 },
        { fromFrame: 20, toFrame: 21 },
        { fromFrame: 21, toFrame: 41 },
      ],
      solveOne,
    );
    expect(clip.frameCount).toBe(41);
    expect(clip.shotStarts?.every((start, i, all) => start > (all[i - 1] ?? 0))).toBe(true);
  });

  it('share what is true of all of them', () => {
    expect(shotWarnings([['a', 'b'], ['a'], undefined])).toEqual([
      'a',
      'Shot 1: b',
      'Shot 3: the person was not found; the pose before stands still there.',
    ]);
    expect(shotWarnings([['a']])).toEqual(['a']);
    expect(shotWarnings([undefined, ...Array.from({ length: 9 }, () => ['a']), ['b']])[0]).toBe(
      'Shots 2, 3, 4, 5, 6, 7, 8, 9 and 1 more: a',
    );
  });
});
