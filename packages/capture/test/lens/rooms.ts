import type { Lines } from '../../src/lens/edge-lines.ts';

/** Numbers in [0, 1), always the same for a seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface View {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly focalPx: number;
  readonly pitchRad: number;
  readonly rollRad: number;
}

type Vector = readonly [number, number, number];

/** A direction or place of the room (x right, y up, z towards the camera that looks along −z) in camera axes. */
export function toCamera({ pitchRad, rollRad }: Pick<View, 'pitchRad' | 'rollRad'>, [x, up, back]: Vector): Vector {
  const [cp, sp, cr, sr] = [Math.cos(pitchRad), Math.sin(pitchRad), Math.cos(rollRad), Math.sin(rollRad)];
  const y = -cp * up + sp * back;
  const z = -sp * up - cp * back;
  return [cr * x + sr * y, -sr * x + cr * y, z];
}

export const assumedFocal = ({ widthPx, heightPx }: Pick<View, 'widthPx' | 'heightPx'>): number => 0.7 * Math.hypot(widthPx, heightPx);

interface Edge {
  readonly x: number;
  readonly y: number;
  readonly angleRad: number;
  readonly lengthPx: number;
}

/** Edges around places of the room (metres from the camera), along one direction; those that are not in the picture are left out. */
export function edgesAlong(view: View, direction: Vector, places: readonly Vector[], random: () => number): Edge[] {
  const d = toCamera(view, direction);
  return places.flatMap((place) => {
    const c = toCamera(view, place);
    const [a, b] = [-0.4, 0.4].map((s) => c.map((v, k) => v + s * d[k]));
    if (Math.min(a[2], b[2]) < 0.3) return [];
    const [ax, ay, bx, by] = [a[0] / a[2], a[1] / a[2], b[0] / b[2], b[1] / b[2]].map((v) => v * view.focalPx);
    if (Math.max(Math.abs(ax), Math.abs(bx)) > view.widthPx / 2 || Math.max(Math.abs(ay), Math.abs(by)) > view.heightPx / 2) return [];
    const lengthPx = Math.hypot(bx - ax, by - ay);
    if (lengthPx < 40) return [];
    // As measured and as built: a tenth of a degree.
    const angleRad = Math.atan2(by - ay, bx - ax) + (random() + random() + random() - 1.5) * 0.004;
    return [{ x: (ax + bx) / 2, y: (ay + by) / 2, angleRad, lengthPx }];
  });
}

/** Edges that run any way they like. */
export const strays = ({ widthPx, heightPx }: View, count: number, random: () => number): Edge[] =>
  Array.from({ length: count }, () => ({
    x: (random() - 0.5) * widthPx,
    y: (random() - 0.5) * heightPx,
    angleRad: random() * Math.PI,
    lengthPx: 45 + 60 * random(),
  }));

export function linesOf(edges: readonly Edge[]): Lines {
  const sorted = [...edges].sort((a, b) => b.lengthPx - a.lengthPx);
  return {
    count: sorted.length,
    middles: Float64Array.from(sorted.flatMap(({ x, y }) => [x, y])),
    directions: Float64Array.from(sorted.flatMap(({ angleRad }) => [Math.cos(angleRad), Math.sin(angleRad)])),
    lengths: Float64Array.from(sorted, ({ lengthPx }) => lengthPx),
    sigmas: new Float64Array(sorted.length).fill(0.001),
  };
}

/** Places on a wall 3 to 5 m before the camera, 1.4 m below which is the floor. */
export const wallPlaces = (count: number, random: () => number): Vector[] =>
  Array.from({ length: count }, () => [(random() - 0.5) * 5, random() * 2.4 - 1.2, -3 - 2 * random()]);

export const floorPlaces = (count: number, random: () => number): Vector[] =>
  Array.from({ length: count }, () => [(random() - 0.5) * 5, -1.4, -1.8 - 3 * random()]);

export const level = (headingRad: number): Vector => [Math.cos(headingRad), 0, Math.sin(headingRad)];
export const VERTICAL: Vector = [0, 1, 0];
