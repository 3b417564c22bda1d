import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT, LANDMARKS, type LandmarkName } from '../../src/landmarks.ts';
import { type Clothes, clothesDistance, clothesOf, meanClothes, mixClothes } from '../../src/tracking/clothes.ts';
import type { Picture } from '../../src/tracking/picture.ts';

type Colour = readonly [y: number, u: number, v: number];
const RED: Colour = [90, 100, 200];
const BLUE: Colour = [60, 190, 110];
const GREY: Colour = [120, 128, 128];

/** 200 × 200 pixels: one colour above the middle, another below. */
function twoColours(above: Colour, below: Colour): Picture {
  const plane = (side: number, k: number): Uint8Array =>
    Uint8Array.from({ length: side * side }, (_, i) => (i < (side * side) / 2 ? above[k] : below[k]));
  return { widthPx: 200, heightPx: 200, y: plane(200, 0), u: plane(100, 1), v: plane(100, 2), fullRange: false, matrix: 'bt709' };
}

/** Somebody upright with the hips in the middle of the picture, moved to the right by `x` pixels. */
function standing(x = 0) {
  const places: Partial<Record<LandmarkName, readonly [number, number]>> = {
    l_shoulder: [120, 40],
    r_shoulder: [80, 40],
    l_hip: [115, 100],
    r_hip: [85, 100],
    l_knee: [115, 160],
    r_knee: [85, 160],
  };
  const imagePx = new Float32Array(LANDMARK_COUNT * 3);
  for (const [name, [px, py]] of Object.entries(places)) imagePx.set([px + x, py, 0], LANDMARKS.indexOf(name as LandmarkName) * 3);
  return { imagePx, visibility: new Float32Array(LANDMARK_COUNT).fill(1) };
}

const worn = (above: Colour, below: Colour): Clothes => clothesOf(twoColours(above, below), standing());

describe('clothes', () => {
  it('are the same wherever the person stands, and others for other colours', () => {
    const picture = twoColours(RED, BLUE);
    expect(clothesDistance(clothesOf(picture, standing()), clothesOf(picture, standing(30)))).toBeCloseTo(0);
    expect(clothesDistance(worn(RED, BLUE), worn(BLUE, RED))).toBeGreaterThan(0.8);
    // Half of what they wear is the same.
    const half = clothesDistance(worn(RED, BLUE), worn(RED, GREY));
    expect(half).toBeGreaterThan(0.4);
    expect(half).toBeLessThan(0.6);
  });

  it('change little with a little light', () => {
    expect(clothesDistance(worn(RED, BLUE), worn([98, 101, 198], [66, 187, 111]))).toBeLessThan(0.3);
  });

  it('are compared in what both show', () => {
    const { imagePx, visibility } = standing();
    for (const knee of ['l_knee', 'r_knee'] as const) visibility[LANDMARKS.indexOf(knee)] = 0.1;
    const trunk = clothesOf(twoColours(RED, GREY), { imagePx, visibility });
    expect(clothesDistance(trunk, worn(RED, BLUE))).toBeCloseTo(0);
    const unseen = clothesOf(twoColours(RED, BLUE), { imagePx, visibility: new Float32Array(LANDMARK_COUNT) });
    expect(clothesDistance(unseen, worn(RED, BLUE))).toBeNaN();
    expect(clothesDistance(clothesOf(twoColours(RED, BLUE), standing(1000)), worn(RED, BLUE))).toBeNaN();
  });

  it('mix, and have a mean of what was seen', () => {
    const [red, blue] = [worn(RED, RED), worn(BLUE, BLUE)];
    expect(clothesDistance(mixClothes(red, blue, 0.1), red)).toBeLessThan(clothesDistance(mixClothes(red, blue, 0.6), red));
    const nothing = new Float32Array(red.length);
    expect(mixClothes(red, nothing, 0.5)).toEqual(red);
    expect(mixClothes(nothing, red, 0.1)).toEqual(red);
    expect(meanClothes([red, nothing])).toEqual(red);
    expect(meanClothes([])).toBeUndefined();
    expect(clothesDistance(meanClothes([red, blue]) as Clothes, mixClothes(red, blue, 0.5))).toBeCloseTo(0);
  });
});
