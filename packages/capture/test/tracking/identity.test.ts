import { describe, expect, it } from 'vitest';
import type { Clothes } from '../../src/tracking/clothes.ts';
import { areTheirs, type Body, canBeMetAgain, isSomebodyElse, type Known, wearsOtherClothes } from '../../src/tracking/identity.ts';
import type { Roi } from '../../src/tracking/roi.ts';

const at = (centerXPx: number, sidePx = 200): Roi => ({ centerXPx, centerYPx: 200, sidePx, angleRad: 0 });
/** Everything in one bin of brightness and one of colour. */
const plain = (bin: number): Clothes => {
  const out = new Float32Array(140);
  for (const part of [0, 70]) for (const i of [bin, 6 + bin]) out[part + i] = 1;
  return out;
};
const RED = plain(1);
const BLUE = plain(4);
const known = (x: number, clothes?: Clothes, sidePx?: number): Known => ({ expected: at(x, sidePx), ...(clothes && { clothes }) });
const body = (x: number, clothes: Clothes, sidePx?: number): Body => ({ roi: at(x, sidePx), clothes });

describe('whose body it is', () => {
  it('is everybody’s own where bodies are apart, and nobody’s where none was found', () => {
    expect(areTheirs([known(100, RED), known(500, BLUE)], [body(110, RED), body(490, BLUE)])).toEqual([true, true]);
    expect(areTheirs([known(100, RED)], [undefined])).toEqual([false]);
  });

  it('is told by the clothes where two are seen in the one in front', () => {
    const people = [known(100, RED), known(130, BLUE)];
    expect(areTheirs(people, [body(115, BLUE), body(116, BLUE)])).toEqual([false, true]);
    expect(areTheirs(people, [body(115, RED), body(116, RED)])).toEqual([true, false]);
  });

  it('is everybody’s own where two stand close together and both are seen', () => {
    expect(areTheirs([known(100, RED), known(130, BLUE)], [body(110, RED), body(125, BLUE)])).toEqual([true, true]);
  });

  it('is told by place and size where both wear the same', () => {
    expect(areTheirs([known(100, RED), known(140, RED)], [body(138, RED), body(138, RED)])).toEqual([false, true]);
    expect(areTheirs([known(120, RED, 300), known(120, RED, 200)], [body(120, RED, 210), body(120, RED, 210)])).toEqual([false, true]);
  });

  it('goes to one alone even where nothing tells', () => {
    expect(areTheirs([known(100), known(100)], [body(100, RED), body(100, RED)])).toEqual([true, false]);
  });
});

describe('somebody else', () => {
  it('is who wears what somebody near wears, or what nobody near wore', () => {
    const me = known(100, RED);
    expect(isSomebodyElse(me, body(100, BLUE), [known(150, BLUE)])).toBe(true);
    expect(isSomebodyElse(me, body(100, BLUE), [known(150, plain(2))])).toBe(true);
    expect(isSomebodyElse(me, body(100, RED), [known(150, BLUE)])).toBe(false);
  });

  it('is nobody while there is nobody near: a coat may come off', () => {
    expect(isSomebodyElse(known(100, RED), body(100, BLUE), [])).toBe(false);
    expect(isSomebodyElse(known(100, RED), body(100, BLUE), [known(900, BLUE)])).toBe(false);
    expect(wearsOtherClothes(known(100, RED), body(100, BLUE))).toBe(true);
    expect(wearsOtherClothes(known(100), body(100, BLUE))).toBe(false);
  });
});

describe('who was lost', () => {
  it('is met again where they should be, or anywhere while nobody else is about', () => {
    const lost = known(100, RED);
    expect(canBeMetAgain(lost, body(150, RED), [known(200, BLUE)])).toBe(true);
    expect(canBeMetAgain(lost, body(280, RED), [known(200, BLUE)])).toBe(false);
    expect(canBeMetAgain(lost, body(280, RED), [])).toBe(true);
    expect(canBeMetAgain(lost, body(150, BLUE), [known(200, BLUE)])).toBe(false);
  });
});
