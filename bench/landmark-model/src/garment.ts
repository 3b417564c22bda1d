import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { INFLUENCES, type Rig } from './rig.ts';
import { parseObj } from './wavefront.ts';

/** A piece of clothing or hair that hangs on the base mesh: each of its vertices on three of the body's. */
export interface Garment {
  readonly vertexCount: number;
  readonly triangles: Uint32Array;
  /** `n × 3` body vertices. */
  readonly anchors: Uint32Array;
  /** `n × 3`: their weights. */
  readonly shares: Float64Array;
  /** `n × 3`: offset in units of the scales. */
  readonly offsets: Float64Array;
  /** For x, y, z: two body vertices and the distance between them for which the offsets were made. */
  readonly scales: readonly (readonly [number, number, number])[];
  /** Body vertices that it covers. */
  readonly hides: ReadonlySet<number>;
}

/** `7 - 9 12` → 7, 8, 9, 12. */
function readRanges(lines: readonly string[]): Set<number> {
  const words = lines.join(' ').trim().split(/\s+/).filter(Boolean);
  const found = new Set<number>();
  for (let i = 0; i < words.length; i++) {
    const isRange = words[i + 1] === '-';
    const first = Number(words[i]);
    const last = isRange ? Number(words[i + 2]) : first;
    for (let vertex = first; vertex <= last; vertex++) found.add(vertex);
    if (isRange) i += 2;
  }
  return found;
}

/** Reads a MakeHuman `.mhclo` and the mesh next to it. */
export function readGarment(file: string): Garment {
  const lines = readFileSync(file, 'utf8').split('\n');
  const after = (word: string): string[] =>
    lines
      .find((line) => line.startsWith(`${word} `))
      ?.trim()
      .split(/\s+/)
      .slice(1) ?? [];
  const start = lines.findIndex((line) => line.startsWith('verts'));
  const hidden = lines.findIndex((line) => line.startsWith('delete_verts'));
  const end = hidden < 0 ? lines.length : hidden;
  const rows = lines
    .slice(start + 1, end)
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((row) => (row.length === 9 || row.length === 1) && row.every(Number.isFinite) && row.length > 0);
  const full = rows.map((row) => (row.length === 9 ? row : [row[0], row[0], row[0], 1, 0, 0, 0, 0, 0]));
  const mesh = parseObj(readFileSync(join(dirname(file), after('obj_file')[0]), 'utf8'));
  return {
    vertexCount: mesh.positions.length / 3,
    triangles: Uint32Array.from([...mesh.groups.values()].flatMap((group) => [...group])),
    anchors: Uint32Array.from(full.flatMap((row) => row.slice(0, 3))),
    shares: Float64Array.from(full.flatMap((row) => row.slice(3, 6))),
    offsets: Float64Array.from(full.flatMap((row) => row.slice(6, 9))),
    scales: ['x_scale', 'y_scale', 'z_scale'].map((word) => {
      const [a, b, distance] = after(word).map(Number);
      return [a, b, distance] as const;
    }),
    hides: hidden < 0 ? new Set() : readRanges(lines.slice(hidden + 1)),
  };
}

/** Places of a garment's vertices on a shaped body, `n × 3`, in the unit of `body`. */
export function fitGarment(garment: Garment, body: Float64Array): Float64Array {
  const scale = garment.scales.map(([a, b, distance], k) => Math.abs(body[a * 3 + k] - body[b * 3 + k]) / distance);
  return Float64Array.from({ length: garment.vertexCount * 3 }, (_, i) => {
    const vertex = Math.floor(i / 3);
    const k = i % 3;
    let place = garment.offsets[i] * scale[k];
    for (let c = 0; c < 3; c++) place += garment.shares[vertex * 3 + c] * body[garment.anchors[vertex * 3 + c] * 3 + k];
    return place;
  });
}

/** Bones and weights of a garment's vertices, blended from those of the body vertices that they hang on. */
export function garmentWeights(garment: Garment, rig: Rig): Pick<Rig, 'boneOf' | 'weightOf'> {
  const boneOf = new Uint16Array(garment.vertexCount * INFLUENCES);
  const weightOf = new Float32Array(garment.vertexCount * INFLUENCES);
  for (let vertex = 0; vertex < garment.vertexCount; vertex++) {
    const sums = new Map<number, number>();
    for (let c = 0; c < 3; c++) {
      const share = Math.max(0, garment.shares[vertex * 3 + c]);
      const at = garment.anchors[vertex * 3 + c] * INFLUENCES;
      for (let k = 0; k < INFLUENCES; k++) {
        const bone = rig.boneOf[at + k];
        sums.set(bone, (sums.get(bone) ?? 0) + share * rig.weightOf[at + k]);
      }
    }
    const strongest = [...sums].sort((a, b) => b[1] - a[1]).slice(0, INFLUENCES);
    const total = strongest.reduce((sum, [, weight]) => sum + weight, 0);
    strongest.forEach(([bone, weight], k) => {
      boneOf[vertex * INFLUENCES + k] = bone;
      weightOf[vertex * INFLUENCES + k] = total > 0 ? weight / total : k === 0 ? 1 : 0;
    });
  }
  return { boneOf, weightOf };
}
