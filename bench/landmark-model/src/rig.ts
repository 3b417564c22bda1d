import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Most bones that move one vertex. */
export const INFLUENCES = 4;

export interface Rig {
  /** Parents come before their children. */
  readonly names: readonly string[];
  readonly parents: Int32Array;
  /** Base mesh vertices whose mean is the head (start) of each bone. */
  readonly heads: readonly (readonly number[])[];
  /** `vertices × INFLUENCES`. */
  readonly boneOf: Uint16Array;
  readonly weightOf: Float32Array;
}

interface RigFile {
  readonly bones: Record<string, { readonly head: string; readonly parent: string | null }>;
  readonly joints: Record<string, readonly number[]>;
}

interface WeightFile {
  readonly weights: Record<string, readonly (readonly [vertex: number, weight: number])[]>;
}

const readJson = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T;

function parentsFirst(bones: RigFile['bones']): string[] {
  const order: string[] = [];
  const visit = (name: string): void => {
    if (order.includes(name)) return;
    const { parent } = bones[name];
    if (parent) visit(parent);
    order.push(name);
  };
  for (const name of Object.keys(bones)) visit(name);
  return order;
}

/** The default MakeHuman skeleton with its vertex weights; each vertex keeps its strongest bones. */
export function readRig(makehumanData: string, vertexCount: number): Rig {
  const { bones, joints } = readJson<RigFile>(makehumanData, 'rigs', 'default.mhskel');
  const { weights } = readJson<WeightFile>(makehumanData, 'rigs', 'default_weights.mhw');
  const names = parentsFirst(bones);
  const influences: [number, number][][] = Array.from({ length: vertexCount }, () => []);
  names.forEach((name, bone) => {
    for (const [vertex, weight] of weights[name] ?? []) influences[vertex].push([bone, weight]);
  });
  const boneOf = new Uint16Array(vertexCount * INFLUENCES);
  const weightOf = new Float32Array(vertexCount * INFLUENCES);
  influences.forEach((list, vertex) => {
    const strongest = list.sort((a, b) => b[1] - a[1]).slice(0, INFLUENCES);
    const sum = strongest.reduce((total, [, weight]) => total + weight, 0);
    if (sum === 0) weightOf[vertex * INFLUENCES] = 1;
    strongest.forEach(([bone, weight], k) => {
      boneOf[vertex * INFLUENCES + k] = bone;
      weightOf[vertex * INFLUENCES + k] = weight / sum;
    });
  });
  return {
    names,
    parents: Int32Array.from(names, (name) => names.indexOf(bones[name].parent ?? '')),
    heads: names.map((name) => joints[bones[name].head]),
    boneOf,
    weightOf,
  };
}

/** Heads of the bones of a shaped body, `bones × 3`, in the unit of `positions`. */
export function boneHeads(rig: Rig, positions: Float64Array): Float64Array {
  const out = new Float64Array(rig.names.length * 3);
  rig.heads.forEach((vertices, bone) => {
    for (const vertex of vertices) {
      for (let k = 0; k < 3; k++) out[bone * 3 + k] += positions[vertex * 3 + k] / vertices.length;
    }
  });
  return out;
}
