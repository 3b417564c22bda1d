import type { Vec3 } from '@gaitway/motion/vector';
import type { Field } from './round-cone.ts';

/** Triangles of a closed surface. */
export interface Surface {
  /** `vertices × 3`, metres. */
  readonly positionsM: Float64Array;
  /** `vertices × 3`, of unit length, outwards. */
  readonly normals: Float32Array;
  /** `triangles × 3`, counter-clockwise seen from outside. */
  readonly triangles: Uint32Array;
}

interface Grid {
  readonly min: Vec3;
  readonly cellM: number;
  /** Samples along x, y, z. */
  readonly size: readonly [number, number, number];
  readonly values: Float64Array;
}

const CORNERS: readonly Vec3[] = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [i & 1, (i >> 1) & 1, i >> 2]);

/** The 12 edges of a cell as pairs of corners that differ along one axis. */
const EDGES: readonly (readonly [number, number])[] = CORNERS.flatMap((_, a) =>
  [1, 2, 4].filter((bit) => !(a & bit)).map((bit) => [a, a | bit] as const),
);

/**
 * The zero level of a field as a mesh: naive surface nets (Gibson, "Constrained Elastic Surface Nets", 1998), one vertex in
 * every cell that the surface crosses, one quad across every grid edge it crosses; then each vertex is moved along the
 * gradient onto the surface. The box must hold the whole surface with a cell to spare.
 */
export function surfaceNets(field: Field, min: Vec3, max: Vec3, cellM: number): Surface {
  const grid = sampleField(field, min, max, cellM);
  const { positions, vertexOfCell } = placeVertices(grid);
  const triangles = connect(grid, vertexOfCell);
  const positionsM = Float64Array.from(positions);
  const normals = new Float32Array(positionsM.length);
  const normal = new Float64Array(3);
  const gradient = new Float64Array(3);
  for (let v = 0; v < positionsM.length; v += 3) {
    projectOnSurface(field, positionsM, v, normal, gradient);
    distanceAndNormal(field, positionsM, v, normal);
    normals.set(normal, v);
  }
  return { positionsM, normals, triangles: Uint32Array.from(triangles) };
}

function sampleField(field: Field, min: Vec3, max: Vec3, cellM: number): Grid {
  const count = (k: number): number => Math.ceil((max[k] - min[k]) / cellM) + 1;
  const size = [count(0), count(1), count(2)] as const;
  const values = new Float64Array(size[0] * size[1] * size[2]);
  const gradient = new Float64Array(3);
  let at = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      at = sampleRow(values, at, size[0], cellM, (i) => field(gradient, min[0] + i * cellM, min[1] + j * cellM, min[2] + k * cellM));
    }
  }
  return { min, cellM, size, values };
}

/** A field changes by little more than a metre a metre: this share of a value is surely free of the surface. */
const SAFE_SHARE = 0.8;

/** Fills a row, stepping over the stretch that the last distance shows to lie on the same side. Returns the index after it. */
function sampleRow(values: Float64Array, start: number, count: number, cellM: number, at: (i: number) => number): number {
  for (let i = 0; i < count; ) {
    const value = at(i);
    const sure = 1 + Math.floor((Math.abs(value) * SAFE_SHARE) / cellM);
    // Only the sign is used away from the surface; the last sample of the stretch is left to be measured.
    const to = Math.min(count, i + Math.max(1, sure - 1));
    values.fill(value, start + i, start + to);
    i = to;
  }
  return start + count;
}

const sampleIndex = ({ size }: Grid, i: number, j: number, k: number): number => i + size[0] * (j + size[1] * k);

function placeVertices(grid: Grid): { positions: number[]; vertexOfCell: Int32Array } {
  const { min, cellM, values } = grid;
  const positions: number[] = [];
  const vertexOfCell = new Int32Array(values.length).fill(-1);
  const [nx, ny, nz] = grid.size;
  const corners = Int32Array.from(CORNERS, ([x, y, z]) => sampleIndex(grid, x, y, z));
  const centre = new Float64Array(3);
  for (let k = 0; k + 1 < nz; k++) {
    for (let j = 0; j + 1 < ny; j++) {
      for (let i = 0; i + 1 < nx; i++) {
        const at = sampleIndex(grid, i, j, k);
        if (!isCrossed(values, at, corners)) continue;
        crossingCentre(centre, values, at, corners);
        vertexOfCell[at] = positions.length / 3;
        positions.push(min[0] + (i + centre[0]) * cellM, min[1] + (j + centre[1]) * cellM, min[2] + (k + centre[2]) * cellM);
      }
    }
  }
  return { positions, vertexOfCell };
}

/** Whether the corners of a cell lie on both sides of the surface. Most do not: nothing is allocated to find out. */
function isCrossed(values: Float64Array, at: number, corners: Int32Array): boolean {
  const isInside = values[at] < 0;
  for (let c = 1; c < corners.length; c++) if (values[at + corners[c]] < 0 !== isInside) return true;
  return false;
}

/** Mean of the points where the surface crosses the edges of a cell that it crosses, in cell units. */
function crossingCentre(out: Float64Array, values: Float64Array, at: number, corners: Int32Array): void {
  out.fill(0);
  let crossings = 0;
  for (let e = 0; e < EDGES.length; e++) {
    const [a, b] = EDGES[e];
    const from = values[at + corners[a]];
    const to = values[at + corners[b]];
    if (from < 0 === to < 0) continue;
    const t = from / (from - to);
    for (let axis = 0; axis < 3; axis++) out[axis] += CORNERS[a][axis] + t * (CORNERS[b][axis] - CORNERS[a][axis]);
    crossings++;
  }
  for (let axis = 0; axis < 3; axis++) out[axis] /= crossings;
}

/** Two triangles for every grid edge that the surface crosses, joining the four cells around it. */
function connect({ size, values }: Grid, vertexOfCell: Int32Array): number[] {
  const out: number[] = [];
  const step = [1, size[0], size[0] * size[1]];
  for (let at = 0; at < values.length; at++) {
    const isInside = values[at] < 0;
    for (let axis = 0; axis < 3; axis++) {
      const next = at + step[axis];
      if (next >= values.length || values[next] < 0 === isInside) continue;
      const u = step[(axis + 1) % 3];
      const w = step[(axis + 2) % 3];
      const quad = [at - u - w, at - w, at, at - u].map((cell) => vertexOfCell[cell] ?? -1);
      if (quad.some((v) => v < 0)) continue;
      const [a, b, c, d] = isInside ? quad : quad.toReversed();
      out.push(a, b, c, a, c, d);
    }
  }
  return out;
}

/** Distance of the point at `v`; the direction of the gradient there, of unit length, goes to `normal`. */
function distanceAndNormal(field: Field, p: Float64Array, v: number, normal: Float64Array): number {
  const distance = field(normal, p[v], p[v + 1], p[v + 2]);
  const length = Math.hypot(normal[0], normal[1], normal[2]) || 1;
  for (let k = 0; k < 3; k++) normal[k] /= length;
  return distance;
}

const NEWTON_STEPS = 4;

/** Newton's steps along the gradient at the start: cheap, and the start is within a cell of the surface. */
function projectOnSurface(field: Field, p: Float64Array, v: number, normal: Float64Array, unused: Float64Array): void {
  let distance = distanceAndNormal(field, p, v, normal);
  for (let n = 1; ; n++) {
    for (let k = 0; k < 3; k++) p[v + k] -= distance * normal[k];
    if (n === NEWTON_STEPS) return;
    distance = field(unused, p[v], p[v + 1], p[v + 2]);
  }
}
