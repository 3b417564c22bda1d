import { damagedModel } from './flatbuffer.ts';
import { type Sparsity, TENSOR_TYPE, type TfliteTensor } from './tflite.ts';

/** Of each exponent, what a step of the mantissa is worth: raising to a power for each of 65,536 numbers would take 5 ms. */
const STEPS = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (exponent - 25));

/** IEEE 754 binary16 to a number. */
export const halfToFloat = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * STEPS[1];
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + mantissa) * STEPS[exponent];
};

/** Every half float there is: a table is ten times as fast as the arithmetic for the millions of weights. */
let halfTable: Float32Array | undefined;

function everyHalf(): Float32Array {
  const table = new Float32Array(1 << 16);
  for (let bits = 0; bits < table.length; bits++) table[bits] = halfToFloat(bits);
  return table;
}

/** Half floats, little-endian, to floats. */
export const halves = (bytes: Uint8Array): Float32Array => {
  halfTable ??= everyHalf();
  const values = new Float32Array(bytes.length >> 1);
  for (let i = 0; i < values.length; i++) values[i] = halfTable[bytes[i * 2] | (bytes[i * 2 + 1] << 8)];
  return values;
};

const singles = (bytes: Uint8Array): Float32Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.length >> 2);
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(i * 4, true);
  return values;
};

/** The stored values of a tensor as float32; fewer than the shape promises where it is sparse. */
const storedFloats = (tensor: TfliteTensor): Float32Array => {
  if (tensor.type === TENSOR_TYPE.float16) return halves(tensor.data);
  if (tensor.type === TENSOR_TYPE.float32) return singles(tensor.data);
  throw damagedModel(`tflite: constant of type ${tensor.type}`);
};

const elementCount = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Sizes of the blocks along each dimension of the dense tensor (1 where it is not blocked). */
const blockSizes = (sparsity: Sparsity, rank: number): number[] => {
  const sizes = new Array<number>(rank).fill(1);
  sparsity.blockMap.forEach((dimension, block) => {
    const level = sparsity.traversalOrder.indexOf(rank + block);
    sizes[dimension] = sparsity.levels[level]?.denseSize ?? 0;
  });
  return sizes;
};

/** The walk over an honest tensor takes at most one step a level and value. */
const MOST_STEPS_A_VALUE = 10;

/**
 * Expands a tensor stored in the TACO sparse format (traversal levels, each a dense loop or compressed rows) to row-major dense
 * values. https://www.tensorflow.org/lite: schema.fbs, SparsityParameters.
 */
export const densify = (stored: Float32Array, shape: readonly number[], sparsity: Sparsity): Float32Array => {
  const rank = shape.length;
  const { levels, traversalOrder, blockMap } = sparsity;
  if (levels.length !== traversalOrder.length || levels.length !== rank + blockMap.length) throw damagedModel('tflite: sparsity levels');
  const blocks = blockSizes(sparsity, rank);
  const dense = new Float32Array(elementCount(shape));
  const coordinate = new Array<number>(levels.length).fill(0);
  let steps = 0;

  const place = (from: number): void => {
    let index = 0;
    for (let d = 0; d < rank; d++) {
      const block = blockMap.indexOf(d);
      const inner = block < 0 ? 0 : coordinate[rank + block];
      index = index * shape[d] + coordinate[d] * blocks[d] + inner;
    }
    if (!(index < dense.length) || from >= stored.length) throw damagedModel('tflite: sparse index');
    dense[index] = stored[from];
  };
  const walk = (depth: number, parent: number): void => {
    if (++steps > MOST_STEPS_A_VALUE * (dense.length + 1)) throw damagedModel('tflite: sparse levels');
    if (depth === levels.length) {
      place(parent);
      return;
    }
    const level = levels[depth];
    const begin = level.sparse ? level.segments[parent] : 0;
    const end = level.sparse ? level.segments[parent + 1] : level.denseSize;
    if (begin === undefined || end === undefined || end - begin > dense.length) throw damagedModel('tflite: sparse segment');
    for (let i = begin; i < end; i++) {
      const child = level.sparse ? i : parent * level.denseSize + i;
      coordinate[traversalOrder[depth]] = level.sparse ? level.indices[i] : i;
      walk(depth + 1, child);
    }
  };
  walk(0, 0);
  return dense;
};

/** A constant tensor as dense row-major float32 values in its stored (NHWC) order. */
export const constantFloats = (tensor: TfliteTensor): Float32Array => {
  const stored = storedFloats(tensor);
  const values = tensor.sparsity ? densify(stored, tensor.shape, tensor.sparsity) : stored;
  if (values.length !== elementCount(tensor.shape)) throw damagedModel(`tflite: ${values.length} values for shape ${tensor.shape}`);
  return values;
};

/** A constant int32 tensor (shapes and paddings). */
export const constantInts = (tensor: TfliteTensor): number[] => {
  const bytes = tensor.data;
  if (tensor.type !== TENSOR_TYPE.int32 || bytes.length !== elementCount(tensor.shape) * 4) throw damagedModel('tflite: int32 constant');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(i * 4, true));
};
