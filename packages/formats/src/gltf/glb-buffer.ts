/** glTF component types. */
export const UINT16 = 5123;
export const UINT32 = 5125;
export const FLOAT32 = 5126;

/** What a buffer view is for. */
export const ARRAY_BUFFER = 34962;
export const ELEMENT_ARRAY_BUFFER = 34963;

type GlbArray = Float32Array | Uint16Array | Uint32Array;
export type AccessorType = 'SCALAR' | 'VEC3' | 'VEC4' | 'MAT4';

const WIDTHS = { SCALAR: 1, VEC3: 3, VEC4: 4, MAT4: 16 } as const;

interface Accessor {
  readonly bufferView: number;
  readonly componentType: number;
  readonly count: number;
  readonly type: AccessorType;
  readonly min?: readonly number[];
  readonly max?: readonly number[];
}

interface BufferView {
  readonly buffer: 0;
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly target?: number;
}

/** The one buffer of a GLB while it is filled: arrays one after another, each with its view and accessor. */
export class GlbBuffer {
  readonly accessors: Accessor[] = [];
  readonly bufferViews: BufferView[] = [];
  readonly #arrays: GlbArray[] = [];
  #bytes = 0;

  /** Length so far; a multiple of 4. */
  get byteLength(): number {
    return this.#bytes;
  }

  /** Appends an array and returns the index of its accessor. */
  add(array: GlbArray, type: AccessorType, options: { readonly target?: number; readonly bounds?: boolean } = {}): number {
    const view = { buffer: 0, byteOffset: this.#bytes, byteLength: array.byteLength } as const;
    this.bufferViews.push(options.target === undefined ? view : { ...view, target: options.target });
    const base = {
      bufferView: this.bufferViews.length - 1,
      componentType: componentTypeOf(array),
      count: array.length / WIDTHS[type],
      type,
    };
    this.accessors.push(options.bounds ? { ...base, ...boundsOf(array, WIDTHS[type]) } : base);
    this.#arrays.push(array);
    this.#bytes += aligned(array.byteLength);
    return this.accessors.length - 1;
  }

  /** Copies all arrays to `out` from `at` on. */
  writeTo(out: Uint8Array, at: number): void {
    this.#arrays.forEach((array, i) => {
      out.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at + this.bufferViews[i].byteOffset);
    });
  }
}

/** Everything in a GLB begins at a multiple of 4 bytes. */
export const aligned = (bytes: number): number => Math.ceil(bytes / 4) * 4;

function componentTypeOf(array: GlbArray): number {
  if (array instanceof Float32Array) return FLOAT32;
  return array instanceof Uint16Array ? UINT16 : UINT32;
}

function boundsOf(array: GlbArray, width: number): { min: number[]; max: number[] } {
  const min = new Array<number>(width).fill(Number.POSITIVE_INFINITY);
  const max = new Array<number>(width).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < array.length; i++) {
    const k = i % width;
    min[k] = Math.min(min[k], array[i]);
    max[k] = Math.max(max[k], array[i]);
  }
  return { min, max };
}
