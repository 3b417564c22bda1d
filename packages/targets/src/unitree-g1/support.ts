/** A point of the floor, metres. */
export type FloorPoint = readonly [x: number, y: number];

const turn = (o: FloorPoint, a: FloorPoint, b: FloorPoint): number => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);

/** Convex hull, counter-clockwise (Andrew's monotone chain). */
export function convexHull(points: readonly FloorPoint[]): FloorPoint[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly FloorPoint[]): FloorPoint[] => {
    const out: FloorPoint[] = [];
    for (const p of list) {
      while (out.length >= 2 && turn(out[out.length - 2], out[out.length - 1], p) <= 0) out.pop();
      out.push(p);
    }
    return out.slice(0, -1);
  };
  return sorted.length < 2 ? sorted : [...half(sorted), ...half(sorted.reverse())];
}

/** How far a point lies outside a convex polygon, 0 inside, and the unit direction from there back to it. */
export interface Outside {
  readonly distanceM: number;
  readonly backX: number;
  readonly backY: number;
}

const INSIDE: Outside = { distanceM: 0, backX: 0, backY: 0 };

export function outsideOf(hull: readonly FloorPoint[], x: number, y: number): Outside {
  let isInside = hull.length > 2;
  let best = INSIDE;
  let least = Number.POSITIVE_INFINITY;
  hull.forEach((a, i) => {
    const b = hull[(i + 1) % hull.length];
    if (turn(a, b, [x, y]) < 0) isInside = false;
    const length2 = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2;
    const t = length2 > 0 ? Math.min(1, Math.max(0, ((x - a[0]) * (b[0] - a[0]) + (y - a[1]) * (b[1] - a[1])) / length2)) : 0;
    const dx = a[0] + t * (b[0] - a[0]) - x;
    const dy = a[1] + t * (b[1] - a[1]) - y;
    const distanceM = Math.hypot(dx, dy);
    if (distanceM >= least) return;
    least = distanceM;
    best = { distanceM, backX: dx / (distanceM || 1), backY: dy / (distanceM || 1) };
  });
  return isInside ? INSIDE : best;
}
