import { HUMAN_SKELETON, scaledHuman } from '@gaitway/motion/human';
import { describe, expect, it } from 'vitest';
import { standing } from '../../src/default/proportions.ts';
import { proxyBody, vertexCount } from '../../src/default/proxy-body.ts';

const STANDARD = proxyBody(HUMAN_SKELETON);
const CHILD_SKELETON = standing(scaledHuman('child', () => 0.7));
const CHILD = proxyBody(CHILD_SKELETON);

const heights = (mesh: typeof STANDARD): number[] => Array.from(mesh.positionsM).filter((_, i) => i % 3 === 1);

describe('the proxy body', () => {
  it.each([
    ['standard', STANDARD, 1.75],
    ['child', CHILD, 1.75 * 0.7],
  ])('%s: stands on the floor and is as tall as the person', (_, mesh, heightM) => {
    expect(Math.min(...heights(mesh))).toBeCloseTo(0, 6);
    expect(Math.abs(Math.max(...heights(mesh)) - heightM)).toBeLessThan(0.03);
  });

  it('is closed, and its triangles face outwards', () => {
    const edges = new Map<string, number>();
    const { triangles, positionsM: p } = STANDARD;
    let volumeM3 = 0;
    for (let t = 0; t < triangles.length; t += 3) {
      const [a, b, c] = [triangles[t], triangles[t + 1], triangles[t + 2]];
      for (const [from, to] of [
        [a, b],
        [b, c],
        [c, a],
      ]) {
        edges.set(`${from}>${to}`, (edges.get(`${from}>${to}`) ?? 0) + 1);
      }
      volumeM3 += signedVolume(p, a, b, c);
    }
    const unpaired = [...edges].filter(([key, count]) => edges.get(key.split('>').toReversed().join('>')) !== count);
    expect(unpaired).toEqual([]);
    // About the volume of a slim adult: positive only when the faces look outwards.
    expect(volumeM3).toBeGreaterThan(0.045);
    expect(volumeM3).toBeLessThan(0.085);
  });

  it('is light', () => {
    expect(vertexCount(STANDARD)).toBeLessThan(6000);
  });

  it('is symmetric in weight between left and right', () => {
    const weightOf = (side: string): number =>
      STANDARD.weights.reduce((sum, w, i) => (HUMAN_SKELETON.joints[STANDARD.joints[i]].name.endsWith(side) ? sum + w : sum), 0);
    expect(weightOf('_l') / weightOf('_r')).toBeGreaterThan(0.98);
    expect(weightOf('_l') / weightOf('_r')).toBeLessThan(1.02);
  });

  it('has weights that sum to 1 on at most four joints, and unit normals', () => {
    const { weights, normals } = STANDARD;
    for (let v = 0; v < weights.length / 4; v++) {
      const sum = weights[v * 4] + weights[v * 4 + 1] + weights[v * 4 + 2] + weights[v * 4 + 3];
      expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
      expect(Math.abs(Math.hypot(normals[v * 3], normals[v * 3 + 1], normals[v * 3 + 2]) - 1)).toBeLessThan(1e-5);
    }
  });
});

function signedVolume(p: Float32Array, a: number, b: number, c: number): number {
  const [ax, ay, az] = [p[a * 3], p[a * 3 + 1], p[a * 3 + 2]];
  const [bx, by, bz] = [p[b * 3], p[b * 3 + 1], p[b * 3 + 2]];
  const [cx, cy, cz] = [p[c * 3], p[c * 3 + 1], p[c * 3 + 2]];
  return (ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)) / 6;
}
