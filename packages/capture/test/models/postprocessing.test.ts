import { describe, expect, it } from 'vitest';
import { LANDMARKS } from '../../src/landmarks.ts';
import { anchorCenters } from '../../src/models/anchors.ts';
import { type Detection, overlap, suppress } from '../../src/models/detection.ts';
import { refineFromHeatmap } from '../../src/models/heatmap.ts';
import { mirroredIndex } from '../../src/models/mirror.ts';

const detection = (score: number, centerX: number): Detection => ({
  score,
  centerX,
  centerY: 0.5,
  width: 0.2,
  height: 0.2,
  hipX: centerX,
  hipY: 0.6,
  rimX: centerX,
  rimY: 0.2,
});

describe('anchors', () => {
  it('are 2254, inside the picture, the fine layer first', () => {
    const centers = anchorCenters();
    expect(centers.length).toBe(2254 * 2);
    expect(centers.every((value) => value > 0 && value < 1)).toBe(true);
    expect(Array.from(centers.subarray(0, 6))).toEqual([0.5, 0.5, 0.5, 0.5, 1.5, 0.5].map((cell) => Math.fround(cell / 28)));
    expect(centers[centers.length - 1]).toBe(Math.fround(6.5 / 7));
  });
});

describe('suppress', () => {
  it('averages what overlaps, by score, and keeps the rest apart', () => {
    const kept = suppress([detection(0.6, 0.31), detection(0.9, 0.3), detection(0.7, 0.8)], 0.3);
    expect(kept.map((d) => d.score)).toEqual([0.9, 0.7]);
    expect(kept[0].centerX).toBeCloseTo((0.9 * 0.3 + 0.6 * 0.31) / 1.5, 9);
    expect(kept[1].centerX).toBeCloseTo(0.8, 9);
  });

  it('overlap is 1 with itself, 0 apart', () => {
    expect(overlap(detection(1, 0.5), detection(1, 0.5))).toBeCloseTo(1, 9);
    expect(overlap(detection(1, 0.1), detection(1, 0.9))).toBe(0);
  });
});

describe('refineFromHeatmap', () => {
  const side = 16;
  const map = (peakX: number, peakY: number, logit: number): Float32Array => {
    const values = new Float32Array(side * side).fill(-30);
    values[peakY * side + peakX] = logit;
    return values;
  };

  it('moves the point to a sure peak near it', () => {
    const point = new Float32Array([7.2 / side, 8.4 / side]);
    refineFromHeatmap(map(9, 6, 5), side, 0, point, 0);
    expect(Array.from(point)).toEqual([9 / side, 6 / side]);
  });

  it.each([
    ['an unsure peak', 9, 6, -0.1],
    ['a peak out of reach', 13, 6, 5],
  ])('leaves it alone for %s', (_, x, y, logit) => {
    const point = new Float32Array([0.45, 0.5]);
    refineFromHeatmap(map(x, y, logit), side, 0, point, 0);
    expect(Array.from(point)).toEqual([Math.fround(0.45), 0.5]);
  });

  it('leaves points outside the map alone', () => {
    const point = new Float32Array([1.2, 0.5]);
    refineFromHeatmap(map(15, 8, 5), side, 0, point, 0);
    expect(point[0]).toBe(Math.fround(1.2));
  });
});

describe('mirroredIndex', () => {
  it('is its own inverse and swaps left and right', () => {
    LANDMARKS.forEach((name, i) => {
      expect(mirroredIndex(mirroredIndex(i))).toBe(i);
      const other = LANDMARKS[mirroredIndex(i)];
      expect(other.slice(1)).toBe(name.slice(1));
      expect(other === name).toBe(name === 'nose');
    });
    expect(mirroredIndex(34)).toBe(34);
  });
});
