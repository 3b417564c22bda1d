import { describe, expect, it } from 'vitest';
import type { Box } from '../../src/preflight/box.ts';
import type { Picture } from '../../src/tracking/picture.ts';
import { Surroundings } from '../../src/tracking/surroundings.ts';
import { picture } from './pictures.ts';

const WIDTH = 320;
const HEIGHT = 240;

/** A wall with a pattern, in front of which are people: light boxes. Noise of a camera on top. */
const scene = (people: readonly Box[], noise = 0): Picture => {
  let state = 99;
  const flicker = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 16) % (2 * noise + 1)) - noise;
  };
  const isIn = (box: Box, x: number, y: number): boolean =>
    x >= box.leftPx && x < box.leftPx + box.widthPx && y >= box.topPx && y < box.topPx + box.heightPx;
  const luma = (x: number, y: number): number => (people.some((box) => isIn(box, x, y)) ? 180 : 90 + (x % 17) + (y % 11)) + flicker();
  return picture({ widthPx: WIDTH, heightPx: HEIGHT, luma });
};

const person = (leftPx: number): Box => ({ leftPx, topPx: 60, widthPx: 40, heightPx: 120 });
const known = person(150);

describe('the surroundings of people', () => {
  it('are news at first, and again after a while, each part by itself', () => {
    const surroundings = new Surroundings();
    const next = (part: number, timeSec: number): boolean => surroundings.next(part, scene([known]), timeSec, [known]);
    expect([next(0, 0), next(1, 0.25), next(0, 0.5), next(1, 0.75), next(0, 1.9), next(0, 2), next(1, 2.1), next(1, 2.25)]).toEqual([
      ...[true, true, false, false, false, true, false, true],
    ]);
    surroundings.forget();
    expect(next(0, 2.3)).toBe(true);
  });

  it('are none as long as only those who are known move, whatever comes into sight behind them', () => {
    const surroundings = new Surroundings();
    const walk = Array.from({ length: 7 }, (_, step) => person(60 + 25 * step));
    const news = walk.map((box, step) => surroundings.next(0, scene([box], 6), step / 4, [box]));
    expect(news).toEqual([true, false, false, false, false, false, false]);
  });

  it.each([0, 20, 260, 300])('are news if somebody else is there, at %i px', (leftPx) => {
    const surroundings = new Surroundings();
    surroundings.next(0, scene([known]), 0, [known]);
    const joined = scene([known, { ...person(leftPx), heightPx: 40, widthPx: 15 }]);
    expect(surroundings.next(0, joined, 0.5, [known])).toBe(true);
    expect(surroundings.next(0, joined, 1, [known])).toBe(false);
  });

  it('are news if somebody comes out from behind one who is known', () => {
    const surroundings = new Surroundings();
    surroundings.next(0, scene([known]), 0, [known]);
    const news = [0, 1, 2, 3].map((step) => surroundings.next(0, scene([known, person(150 + 25 * step)]), 0.25 * (step + 1), [known]));
    expect(news[0]).toBe(false);
    expect(news).toContain(true);
  });

  it('say what they would decide without deciding it', () => {
    const surroundings = new Surroundings();
    expect(surroundings.haveNews(0, scene([]), 0, [])).toBe(true);
    expect(surroundings.haveNews(0, scene([]), 0, [])).toBe(true);
    surroundings.next(0, scene([known]), 0, [known]);
    // The place of the one who is known stays unknown: to have asked has changed nothing.
    expect(surroundings.haveNews(0, scene([]), 0.2, [])).toBe(false);
    expect(surroundings.haveNews(0, scene([known]), 0.3, [])).toBe(false);
  });

  it('are none where somebody fills the picture', () => {
    const surroundings = new Surroundings();
    const outside: Box = { leftPx: -500, topPx: -500, widthPx: 2000, heightPx: 2000 };
    expect(surroundings.next(0, scene([]), 0, [outside])).toBe(true);
    expect(surroundings.next(0, scene([known]), 0.5, [outside])).toBe(false);
  });
});
