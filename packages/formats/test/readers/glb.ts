/** A minimal reader of binary glTF, for tests: accessors as plain number arrays and the world pose of nodes at every key. */

interface GltfNode {
  readonly name?: string;
  readonly children?: readonly number[];
  readonly mesh?: number;
  readonly skin?: number;
  readonly translation?: readonly number[];
  readonly rotation?: readonly number[];
  readonly scale?: readonly number[];
}

interface GltfAccessor {
  readonly bufferView: number;
  readonly byteOffset?: number;
  readonly componentType: number;
  readonly count: number;
  readonly type: keyof typeof WIDTHS;
}

interface GltfPrimitive {
  readonly attributes: Readonly<Record<string, number>>;
  readonly indices?: number;
}

export interface GltfJson {
  readonly nodes: readonly GltfNode[];
  readonly meshes?: readonly { readonly primitives: readonly GltfPrimitive[] }[];
  readonly skins?: readonly { readonly joints: readonly number[]; readonly inverseBindMatrices: number }[];
  readonly accessors: readonly GltfAccessor[];
  readonly bufferViews: readonly { readonly byteOffset?: number; readonly byteStride?: number }[];
  readonly animations?: readonly {
    readonly channels: readonly { readonly sampler: number; readonly target: { readonly node: number; readonly path: string } }[];
    readonly samplers: readonly { readonly input: number; readonly output: number }[];
  }[];
}

const WIDTHS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 } as const;
const BYTES: Readonly<Record<number, number>> = { 5121: 1, 5123: 2, 5125: 4, 5126: 4 };

export interface Glb {
  readonly json: GltfJson;
  /** Rows of an accessor. */
  readonly rows: (accessor: number) => number[][];
}

export function readGlb(bytes: Uint8Array): Glb {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const jsonLength = view.getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + jsonLength))) as GltfJson;
  const start = 20 + jsonLength + 8;
  const rows = (index: number): number[][] => {
    const accessor = json.accessors[index];
    const bufferView = json.bufferViews[accessor.bufferView];
    const size = BYTES[accessor.componentType];
    const width = WIDTHS[accessor.type];
    const at = start + (bufferView.byteOffset ?? 0) + (accessor.byteOffset ?? 0);
    const stride = bufferView.byteStride ?? width * size;
    return Array.from({ length: accessor.count }, (_, k) =>
      Array.from({ length: width }, (_, c) => component(view, at + k * stride + c * size, accessor.componentType)),
    );
  };
  return { json, rows };
}

function component(view: DataView, at: number, type: number): number {
  if (type === 5126) return view.getFloat32(at, true);
  if (type === 5125) return view.getUint32(at, true);
  return type === 5123 ? view.getUint16(at, true) : view.getUint8(at);
}

/** Column-major 4 × 4. */
export type Matrix = readonly number[];

export const multiplyMatrices = (a: Matrix, b: Matrix): Matrix =>
  Array.from({ length: 16 }, (_, i) => [0, 1, 2, 3].reduce((sum, k) => sum + a[(i % 4) + 4 * k] * b[k + 4 * Math.floor(i / 4)], 0));

export const transformPoint = (m: Matrix, [x, y, z]: readonly number[]): [number, number, number] => [
  m[0] * x + m[4] * y + m[8] * z + m[12],
  m[1] * x + m[5] * y + m[9] * z + m[13],
  m[2] * x + m[6] * y + m[10] * z + m[14],
];

function compose(t: readonly number[], [x, y, z, w]: readonly number[], s: readonly number[]): Matrix {
  return [
    ...[(1 - 2 * (y * y + z * z)) * s[0], 2 * (x * y + w * z) * s[0], 2 * (x * z - w * y) * s[0], 0],
    ...[2 * (x * y - w * z) * s[1], (1 - 2 * (x * x + z * z)) * s[1], 2 * (y * z + w * x) * s[1], 0],
    ...[2 * (x * z + w * y) * s[2], 2 * (y * z - w * x) * s[2], (1 - 2 * (x * x + y * y)) * s[2], 0],
    ...[t[0], t[1], t[2], 1],
  ];
}

export interface GlbMotion {
  readonly timesSec: readonly number[];
  /** World matrix of a node at key k. */
  readonly world: (node: number, key: number) => Matrix;
}

/** World matrices of the nodes at every key of the longest track; shorter tracks hold their last value. */
export function glbMotion({ json, rows }: Glb): GlbMotion {
  const parents = new Map<number, number>();
  json.nodes.forEach((node, i) => {
    for (const c of node.children ?? []) parents.set(c, i);
  });
  const tracks = new Map<string, { times: number[]; values: number[][] }>();
  for (const animation of json.animations ?? []) {
    for (const { sampler, target } of animation.channels) {
      const { input, output } = animation.samplers[sampler];
      tracks.set(`${target.node}:${target.path}`, { times: rows(input).map(([t]) => t), values: rows(output) });
    }
  }
  const timesSec = [...tracks.values()].reduce<number[]>((longest, { times }) => (times.length > longest.length ? times : longest), []);
  const at = (node: number, path: string, key: number, rest: readonly number[]): readonly number[] => {
    const track = tracks.get(`${node}:${path}`);
    return track ? track.values[Math.min(key, track.values.length - 1)] : rest;
  };
  const cache = new Map<string, Matrix>();
  const world = (i: number, key: number): Matrix => {
    const id = `${i}@${key}`;
    const known = cache.get(id);
    if (known) return known;
    const node = json.nodes[i];
    const local = compose(
      at(i, 'translation', key, node.translation ?? [0, 0, 0]),
      at(i, 'rotation', key, node.rotation ?? [0, 0, 0, 1]),
      at(i, 'scale', key, node.scale ?? [1, 1, 1]),
    );
    const parent = parents.get(i);
    const out = parent === undefined ? local : multiplyMatrices(world(parent, key), local);
    cache.set(id, out);
    return out;
  };
  return { timesSec, world };
}
