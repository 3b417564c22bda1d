import { isGaitwayError } from '@gaitway/motion/errors';
import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT } from '../../src/landmarks.ts';
import { type Appearance, appearancesOf } from '../../src/shots/appearances.ts';
import { chooseSubjects } from '../../src/shots/subjects.ts';
import type { RecordedRows } from '../../src/tracking/recorded-rows.ts';
import { isPicture, mainSubject, subjectAt, subjectNumbered, travelOf } from '../../src/tracking/subject.ts';

const PICTURE = { widthPx: 1280, heightPx: 720 };
const FPS = 30;
const clock = (frames: number): Float64Array => Float64Array.from({ length: frames }, (_, f) => f / FPS);

interface Actor {
  readonly from: number;
  readonly to: number;
  /** Where the hips are, pixels. */
  readonly at: (frame: number) => readonly [number, number];
  readonly heightPx: number;
  /** Swing of the limbs about the hips, in body heights. */
  readonly sway?: number;
  readonly visibility?: number;
}

/** Rows of somebody whose landmarks lie on an upright stick of their height. */
function rowsOf({ from, to, at, heightPx, sway = 0.1, visibility = 0.9 }: Actor): RecordedRows {
  const rowCount = to - from;
  const imagePx = new Float32Array(rowCount * LANDMARK_COUNT * 3);
  for (let row = 0; row < rowCount; row++) {
    const [x, y] = at(from + row);
    for (let i = 0; i < LANDMARK_COUNT; i++) {
      // Head (0) above, shoulders (11, 12) 0.29 heights above the hips (23, 24), feet below.
      const up = i === 23 || i === 24 ? 0 : i === 11 || i === 12 ? 0.29 : i < 11 ? 0.45 : -0.5;
      const swing = i === 23 || i === 24 || i === 11 || i === 12 ? 0 : sway * Math.sin((from + row) * 0.3 + i);
      imagePx[(row * LANDMARK_COUNT + i) * 3] = x + swing * heightPx + (i % 2 ? 0.1 : -0.1) * heightPx;
      imagePx[(row * LANDMARK_COUNT + i) * 3 + 1] = y - up * heightPx;
    }
  }
  return {
    firstFrame: from,
    rowCount,
    seen: new Uint8Array(rowCount).fill(1),
    imagePx,
    worldM: new Float32Array(rowCount * LANDMARK_COUNT * 3),
    visibility: new Float32Array(rowCount * LANDMARK_COUNT).fill(visibility),
    score: new Float32Array(rowCount).fill(1),
  };
}

const NOBODY = rowsOf({ from: 0, to: 0, at: () => [0, 0], heightPx: 1 });
const people = (actors: readonly Actor[], spans = [{ fromFrame: 0, toFrame: 150 }]): Appearance[] =>
  appearancesOf(
    actors.map((actor) => ({ plain: { rows: rowsOf(actor) }, mirrored: { rows: NOBODY } })),
    spans,
    PICTURE,
  );

describe('the subject by default', () => {
  it('is the one who fills most of the clip, best visible', () => {
    const [left, right] = people([
      { from: 0, to: 150, at: () => [300, 360], heightPx: 300 },
      { from: 0, to: 150, at: () => [900, 360], heightPx: 400 },
    ]);
    expect(mainSubject([left, right])).toBe(right);
    const [dim, clear] = people([
      { from: 0, to: 150, at: () => [300, 360], heightPx: 300, visibility: 0.55 },
      { from: 0, to: 150, at: () => [900, 360], heightPx: 300 },
    ]);
    expect(mainSubject([dim, clear])).toBe(clear);
    expect(mainSubject([])).toBeUndefined();
  });

  it('is the one who walks through rather than the one who exercises on the spot and leaves in a leap', () => {
    const [onTheSpot, walker] = people([
      { from: 0, to: 150, at: (f) => [300 + Math.max(0, f - 130) * 30, 250], heightPx: 330, sway: 0.3 },
      { from: 20, to: 140, at: (f) => [1250 - f * 8, 450], heightPx: 330 },
    ]);
    expect(travelOf(walker.sightings)).toBeGreaterThan(1.2);
    expect(travelOf(onTheSpot.sightings)).toBeLessThan(0.2);
    expect(mainSubject([onTheSpot, walker])).toBe(walker);
  });

  it('is the dancer rather than somebody small who crosses behind', () => {
    const [dancer, passer] = people([
      { from: 0, to: 150, at: (f) => [600 + 60 * Math.sin(f / 9), 360], heightPx: 500 },
      { from: 30, to: 120, at: (f) => [f * 9, 300], heightPx: 160 },
    ]);
    expect(mainSubject([passer, dancer])).toBe(dancer);
  });

  it('is no poster, unless there is nothing else', () => {
    const [person, poster] = people([
      { from: 0, to: 150, at: () => [300, 420], heightPx: 250 },
      { from: 0, to: 150, at: () => [900, 360], heightPx: 600, sway: 0 },
    ]);
    expect([poster, person].map(isPicture)).toEqual([true, false]);
    expect(mainSubject([poster, person])).toBe(person);
    expect(mainSubject([poster])).toBe(poster);
    // A camera that pans moves the poster as a whole.
    const [panned] = people([{ from: 0, to: 150, at: (f) => [900 - 3 * f, 360], heightPx: 600, sway: 0 }]);
    expect(isPicture(panned)).toBe(true);
  });
});

describe('the subject by choice', () => {
  const spans = [
    { fromFrame: 0, toFrame: 60 },
    { fromFrame: 60, toFrame: 150 },
  ];
  const cast: Actor[] = [
    { from: 0, to: 150, at: () => [300, 360], heightPx: 400 },
    { from: 70, to: 150, at: () => [900, 360], heightPx: 200 },
    { from: 100, to: 102, at: () => [1200, 360], heightPx: 200 },
  ];
  const seen = people(cast, spans);

  it('has people of each shot in the order of appearance, without those who were there for an instant', () => {
    expect(seen.map(({ shot, rows, sightings }) => [shot, rows.firstFrame, sightings.length])).toEqual([
      [0, 0, 60],
      [1, 60, 90],
      [1, 70, 80],
    ]);
  });

  it('are not there any more once nothing of the trunk is in the picture, unless there is nothing else of them', () => {
    // Hips and shoulders are 40 pixels to either side of the middle.
    const [leaving] = people([{ from: 0, to: 150, at: (f) => [400 - 5 * f, 360], heightPx: 400 }]);
    expect(leaving.rows).toMatchObject({ firstFrame: 0, rowCount: 89 });
    const [coming] = people([{ from: 0, to: 150, at: (f) => [5 * f - 340, 360], heightPx: 400 }]);
    expect(coming.rows.firstFrame).toBe(60);
    const [legs] = people([{ from: 0, to: 150, at: () => [600, -100], heightPx: 400 }]);
    expect(legs.rows.rowCount).toBe(150);
  });

  it('is who is nearest to a point at its time, in the shot of that time', () => {
    const shotOfFrame = (frame: number): number => (frame < 60 ? 0 : 1);
    const at = (xPx: number, timeSec: number) => subjectAt(seen, { xPx, yPx: 360, timeSec }, clock(150), shotOfFrame);
    expect(at(900, 4)).toBe(seen[2]);
    expect(at(250, 4)).toBe(seen[1]);
    expect(at(900, 1)).toBe(seen[0]);
  });

  it('is who has the number; one that nobody has says how many there are', () => {
    expect(subjectNumbered(seen, { index: 2 })).toBe(seen[2]);
    expect(() => subjectNumbered(seen, { index: 3 })).toThrow(expect.toSatisfy((e) => isGaitwayError(e) && /0 to 2/.test(e.message)));
    expect(() => subjectNumbered(seen.slice(0, 1), { index: 3 })).toThrow(/one person was seen, number 0/);
  });

  it('holds in its own shot; the others keep the person they are about', () => {
    expect(chooseSubjects(seen, spans, clock(150), { index: 2 })).toEqual([seen[0], seen[2]]);
    expect(chooseSubjects(seen, spans, clock(150), undefined)).toEqual([seen[0], seen[1]]);
    expect(chooseSubjects(seen.slice(1), spans, clock(150), undefined)).toEqual([undefined, seen[1]]);
    expect(() => chooseSubjects([], spans, clock(150), undefined)).toThrow(
      expect.toSatisfy((e) => isGaitwayError(e) && e.code === 'no_person_detected'),
    );
  });
});

describe('the subject across cuts', () => {
  const spans = [0, 50, 100].map((fromFrame) => ({ fromFrame, toFrame: fromFrame + 50 }));
  /** Everything in one bin of brightness and one of colour. */
  const wearing = (bin: number): Float32Array => {
    const out = new Float32Array(140);
    for (const part of [0, 70]) for (const i of [bin, 6 + bin]) out[part + i] = 1;
    return out;
  };
  const [RED, BLUE, GREEN] = [wearing(1), wearing(3), wearing(5)];
  const cast = (shots: readonly (readonly [x: number, heightPx: number, clothes?: Float32Array])[][]): Appearance[] =>
    appearancesOf(
      shots.flatMap((shot, s) =>
        shot.map(([x, heightPx, clothes]) => ({
          plain: { rows: rowsOf({ from: spans[s].fromFrame, to: spans[s].toFrame, at: () => [x, 360], heightPx }) },
          mirrored: { rows: NOBODY },
          ...(clothes && { wardrobe: [{ frame: spans[s].fromFrame, clothes }] }),
        })),
      ),
      spans,
      PICTURE,
    );
  const subjectsOf = (people: readonly Appearance[], index?: number): (number | undefined)[] =>
    chooseSubjects(people, spans, clock(150), index === undefined ? undefined : { index }).map((subject) =>
      subject ? people.indexOf(subject) : undefined,
    );

  it('is the person in the same clothes, smaller and elsewhere as they may be, and is missing where only the other one is', () => {
    const people = cast([
      [
        [300, 400, RED],
        [900, 300, BLUE],
      ],
      [[600, 500, BLUE]],
      [
        [300, 400, BLUE],
        [900, 300, RED],
      ],
    ]);
    expect(subjectsOf(people, 0)).toEqual([0, undefined, 4]);
    expect(subjectsOf(people, 1)).toEqual([1, 2, 3]);
    // Nobody chosen: the one in blue, who fills the second shot.
    expect(subjectsOf(people)).toEqual([1, 2, 3]);
  });

  it('is whom each shot is about where clothes do not tell', () => {
    const uniform = cast([
      [[300, 400, RED]],
      [[600, 300, GREEN]],
      [
        [300, 250, RED],
        [900, 300, RED],
      ],
    ]);
    expect(subjectsOf(uniform)).toEqual([0, 1, 3]);
    const unknown = cast([
      [[300, 400]],
      [[600, 300]],
      [
        [300, 250],
        [900, 300],
      ],
    ]);
    expect(subjectsOf(unknown)).toEqual([0, 1, 3]);
  });
});

describe('somebody who comes in from below', () => {
  const rising = (from: number, stepPx: number): Appearance =>
    people([{ from: 0, to: 60, at: (f) => [600, Math.max(400, from - stepPx * f)], heightPx: 300 }])[0];

  it('is taken from where the hips are in the picture', () => {
    expect(rising(800, 20).rows.firstFrame).toBe(5);
    expect(rising(600, 20).rows.firstFrame).toBe(0);
  });

  it('is taken all the same where that takes long, and where the hips hardly ever are', () => {
    // Shoulders come in with frame 1; 0.6 s is left out at most.
    expect(rising(807, 3).rows.firstFrame).toBe(19);
    expect(rising(800, 1).rows.firstFrame).toBe(0);
  });
});
