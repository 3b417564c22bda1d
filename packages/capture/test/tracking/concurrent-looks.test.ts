import { describe, expect, it } from 'vitest';
import type { Detection } from '../../src/models/detection.ts';
import type { SeenPose } from '../../src/models/landmarker.ts';
import type { Picture } from '../../src/tracking/picture.ts';
import type { Roi } from '../../src/tracking/roi.ts';
import { SceneTracker } from '../../src/tracking/scene-tracker.ts';
import { type Actor, FPS, Stage } from './stage.ts';

/** What was asked of the networks: a region or a square of a frame. */
interface Question {
  readonly of: 'landmarks' | 'detector';
  readonly picture: Picture;
  readonly square: Roi | undefined;
  /** The pictures of the questions that were open then. */
  readonly beside: readonly Picture[];
}

/** Networks that answer one question at a time, and not before everything that could be asked has been: `choose` says which. */
class SlowNetworks {
  readonly questions: Question[] = [];
  /** How many questions were open at the end of each wait. */
  readonly open: number[] = [];
  readonly #stage: Stage;
  readonly #choose: (count: number) => number;
  readonly #waiting: { readonly picture: Picture; resolve(): void }[] = [];

  constructor(stage: Stage, choose: (count: number) => number) {
    this.#stage = stage;
    this.#choose = choose;
  }

  async detect(picture: Picture, square?: Roi): Promise<Detection[]> {
    await this.#turn({ of: 'detector', picture, square });
    return this.#stage.detect(picture, square);
  }

  async look(picture: Picture, square: Roi, mirrored = false): Promise<SeenPose> {
    await this.#turn({ of: 'landmarks', picture, square });
    const seen = await this.#stage.look(picture, square);
    // Another answer, so that it shows if the two are mixed up.
    return mirrored ? { ...seen, pose: { ...seen.pose, worldM: seen.pose.worldM.map((m) => -m) } } : seen;
  }

  #turn(question: Omit<Question, 'beside'>): Promise<void> {
    this.questions.push({ ...question, beside: this.#waiting.map(({ picture }) => picture) });
    return new Promise((resolve) => {
      this.#waiting.push({ picture: question.picture, resolve });
      if (this.#waiting.length === 1) setImmediate(() => this.#answer());
    });
  }

  #answer(): void {
    this.open.push(this.#waiting.length);
    this.#waiting.splice(this.#choose(this.#waiting.length), 1)[0]?.resolve();
    if (this.#waiting.length > 0) setImmediate(() => this.#answer());
  }
}

const ORDERS: Readonly<Record<string, () => (count: number) => number>> = {
  first: () => () => 0,
  last: () => (count) => count - 1,
  mixed: () => {
    let state = 1;
    return (count) => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return (state >>> 8) % count;
    };
  },
};

interface Playing {
  readonly order?: string;
  readonly mirror?: boolean;
  /** The frame after the one that is being looked at is shown, too. */
  readonly isAhead?: boolean;
}

const play = async (actors: readonly Actor[], frames: number, { order = 'first', mirror = false, isAhead = false }: Playing = {}) => {
  const stage = new Stage(actors);
  const networks = new SlowNetworks(stage, ORDERS[order]());
  const scene = new SceneTracker(networks, networks, { mirror, imageScale: 1 });
  const pictures = Array.from({ length: frames }, (_, frame) => stage.show(frame));
  for (let frame = 0; frame < frames; frame++) {
    const looking = scene.next(pictures[frame], frame / FPS);
    if (isAhead && frame + 1 < frames) scene.lookAhead(pictures[frame + 1], (frame + 1) / FPS);
    await looking;
  }
  const asked = (frame: number): readonly Question[] => networks.questions.filter(({ picture }) => picture === pictures[frame]);
  const rows = scene.tracks.map(({ plain, mirrored }) => structuredClone({ plain: plain.rows, mirrored: mirrored.rows }));
  return { networks, pictures, asked, rows };
};

const walker: Actor = { at: (f) => [100 + 3 * f, 180], radiusPx: 60 };
const other: Actor = { at: (f) => [500 - 2 * f, 190], radiusPx: 50 };
const passer: Actor = { at: (f) => (f > 12 && f < 30 ? [330, 170] : undefined), radiusPx: 55 };
/** Goes another way with every frame: nobody can tell where to. */
const dancer: Actor = { at: (f) => [300 + 12 * Math.sin(f * f), 180 + 8 * Math.cos(3 * f * f)], radiusPx: 60 };
/** Something that is never still: newcomers are looked for as often as can be. */
const flag: Actor = { isThing: true, at: (f) => [600, 240 + 2 * (f % 47)], radiusPx: 20 };
const detectors = (questions: readonly Question[]): (Roi | undefined)[] =>
  questions.filter(({ of }) => of === 'detector').map(({ square }) => square);

describe('what is asked at the same time', () => {
  it('is answered in any order with the same result', async () => {
    const actors = [walker, other, passer, dancer];
    const { rows } = await play(actors, 45, { mirror: true });
    expect(rows.length).toBeGreaterThanOrEqual(3);
    for (const order of ['last', 'mixed'])
      for (const isAhead of [false, true]) expect((await play(actors, 45, { order, mirror: true, isAhead })).rows).toEqual(rows);
  });

  it('is every look of a frame, its mirror image, and the search for newcomers where that is due', async () => {
    const one = await play([walker], 30);
    expect(Math.max(...one.networks.open)).toBe(2);
    const many = await play([walker, other], 30, { mirror: true });
    expect(Math.max(...many.networks.open)).toBe(5);
  });

  it('puts the looks before the search', async () => {
    const { asked } = await play([walker], 30);
    const searched = Array.from({ length: 29 }, (_, f) => asked(f + 1)).filter((questions) => questions.length > 1);
    expect(searched.length).toBeGreaterThan(1);
    for (const questions of searched) expect(questions.map(({ of }) => of)).toEqual(['landmarks', 'detector']);
  });

  it('is the frame to come, too: the look, and the search where that will be due', async () => {
    const [now, ahead] = [await play([walker], 60), await play([walker], 60, { isAhead: true })];
    expect(ahead.rows).toEqual(now.rows);
    const known = Array.from({ length: 58 }, (_, f) => f + 2);
    for (const f of known) {
      const [then, early] = [now.asked(f), ahead.asked(f)];
      expect(early.map(({ of, square }) => [of, square])).toEqual(then.map(({ of, square }) => [of, square]));
      for (const { beside } of early) expect(beside).toContain(ahead.pictures[f - 1]);
    }
  });

  it('is looked at again where somebody was not foreseen to be', async () => {
    const { rows, networks } = await play([dancer], 60);
    const looks = ({ questions }: SlowNetworks): number => questions.filter(({ of }) => of === 'landmarks').length;
    for (const order of Object.keys(ORDERS)) {
      const ahead = await play([dancer], 60, { order, isAhead: true });
      expect(ahead.rows).toEqual(rows);
      expect(looks(ahead.networks)).toBeGreaterThan(looks(networks) + 30);
    }
  });
});

describe('a search that was begun in vain', () => {
  /** The frame in which newcomers are looked for next, after a first second in sight. */
  const searchFrame = async (): Promise<number> => {
    const { asked } = await play([walker, flag], 60);
    return Array.from({ length: 30 }, (_, i) => 30 + i).find((f) => detectors(asked(f)).length > 0) as number;
  };

  it.each([false, true])('is left aside for who got lost in that very frame, and made up for (looking ahead: %s)', async (isAhead) => {
    const lost = await searchFrame();
    const leaver: Actor = { ...walker, at: (f) => (f >= lost && f < lost + 10 ? undefined : walker.at(f)) };
    const [whole, broken] = [await play([walker, flag], lost + 60, { isAhead }), await play([leaver, flag], lost + 60, { isAhead })];
    expect(broken.rows).toEqual((await play([leaver, flag], lost + 60, { order: 'mixed' })).rows);
    const [newcomers, around] = detectors(broken.asked(lost));
    expect([newcomers]).toEqual(detectors(whole.asked(lost)));
    // Two and a half times the region of somebody with this radius.
    expect(around?.sidePx).toBeCloseTo(2.5 * 2 * walker.radiusPx * 1.25, 6);
    // The next search for newcomers looks where the one in vain did: nothing is left out.
    const later = Array.from({ length: 45 }, (_, i) => detectors(broken.asked(lost + 11 + i)))
      .flat()
      .find((square) => square?.sidePx === newcomers?.sidePx);
    expect(later).toEqual(newcomers);
  });

  it('does not hide that the networks have failed', async () => {
    const stage = new Stage([walker, flag]);
    let searches = 0;
    const detect = (picture: Picture, square?: Roi): Promise<Detection[]> =>
      ++searches < 4 ? stage.detect(picture, square) : Promise.reject(new Error('the network is gone'));
    const scene = new SceneTracker({ detect }, stage, { mirror: false, imageScale: 1 });
    const watch = async (): Promise<void> => {
      for (let frame = 0; frame < 60; frame++) await scene.next(stage.show(frame), frame / FPS);
    };
    await expect(watch()).rejects.toThrow('the network is gone');
  });
});
