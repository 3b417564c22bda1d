import { damagedModel, type FlatTable, readFlatRoot } from './flatbuffer.ts';

/** Element types of the schema that occur in the models. */
export const TENSOR_TYPE = { float32: 0, float16: 1, int32: 2 } as const;

/** Builtin operators of the schema that the converter knows. */
export const OPERATOR = {
  ADD: 0,
  CONCATENATION: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  DEPTH_TO_SPACE: 5,
  DEQUANTIZE: 6,
  LOGISTIC: 14,
  MAX_POOL_2D: 17,
  MUL: 18,
  RELU: 19,
  RELU6: 21,
  RESHAPE: 22,
  RESIZE_BILINEAR: 23,
  PAD: 34,
  DENSIFY: 124,
} as const;

/** One level of a sparse tensor's traversal: a dense loop, or compressed rows with segments and indices. */
export interface SparseLevel {
  readonly sparse: boolean;
  readonly denseSize: number;
  readonly segments: readonly number[];
  readonly indices: readonly number[];
}

/** How a sparse tensor's stored values map to the dense one (TACO format: traversal order, blocks, one level a dimension). */
export interface Sparsity {
  readonly traversalOrder: readonly number[];
  readonly blockMap: readonly number[];
  readonly levels: readonly SparseLevel[];
}

export interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  /** Stored bytes of a constant, not copied; empty for values computed at run time. */
  readonly data: Uint8Array;
  readonly sparsity: Sparsity | undefined;
}

export interface TfliteOperator {
  readonly code: number;
  /** Tensor indices; -1 stands for an optional input that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
}

/** The one subgraph of a model, as stored: NHWC tensors, operators in execution order. */
export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** More tensors or elements than this is not one of the pose models but an attack on the memory. */
const MAX_TENSORS = 20_000;
const MAX_ELEMENTS = 64 * 1024 * 1024;

const readIndices = (kind: number, table: FlatTable | undefined): number[] => {
  if (!table) return [];
  if (kind === 1) return table.int32s(0);
  if (kind === 2) return table.uint16s(0);
  return Array.from(table.bytes(0));
};

const readLevel = (table: FlatTable): SparseLevel => ({
  sparse: table.uint8(0) === 1,
  denseSize: table.int32(1),
  segments: readIndices(table.uint8(2), table.table(3)),
  indices: readIndices(table.uint8(4), table.table(5)),
});

const readSparsity = (table: FlatTable): Sparsity => ({
  traversalOrder: table.int32s(0),
  blockMap: table.int32s(1),
  levels: table.tables(2).map(readLevel),
});

const readTensor = (table: FlatTable, buffers: readonly FlatTable[]): TfliteTensor => {
  const shape = table.int32s(0);
  const elements = shape.reduce((product, size) => product * size, 1);
  const buffer = buffers[table.int32(2)];
  if (!buffer || shape.some((size) => size < 0) || elements > MAX_ELEMENTS) throw damagedModel(`tflite: tensor of shape ${shape}`);
  const sparsity = table.table(6);
  return {
    name: table.string(3),
    shape,
    type: table.uint8(1),
    data: buffer.bytes(0),
    sparsity: sparsity && readSparsity(sparsity),
  };
};

/** Codes over 127 are in the second field; older files only have the first. */
const readOperatorCode = (table: FlatTable): number => Math.max(table.uint8(0), table.int32(3));

const readOperator = (table: FlatTable, codes: readonly number[]): TfliteOperator => {
  const code = codes[table.int32(0)];
  if (code === undefined) throw damagedModel('tflite: operator without code');
  return { code, inputs: table.int32s(1), outputs: table.int32s(2), options: table.table(4) };
};

const requireIndices = (model: TfliteModel): void => {
  const inside = (index: number, low: number): boolean => index >= low && index < model.tensors.length;
  const whole = [...model.inputs, ...model.outputs].every((index) => inside(index, 0));
  const operators = model.operators.every(
    (operator) => operator.inputs.every((index) => inside(index, -1)) && operator.outputs.every((index) => inside(index, 0)),
  );
  if (!whole || !operators) throw damagedModel('tflite: tensor index outside the graph');
};

/** Reads a TensorFlow Lite file (schema v3). Throws `model_missing` for anything else. */
export const parseTflite = (bytes: Uint8Array): TfliteModel => {
  const root = readFlatRoot(bytes, 'TFL3');
  const graph = root.tables(2)[0];
  if (!graph) throw damagedModel('tflite: no subgraph');
  const tensors = graph.tables(0);
  if (tensors.length > MAX_TENSORS) throw damagedModel(`tflite: ${tensors.length} tensors`);
  const buffers = root.tables(4);
  const codes = root.tables(1).map(readOperatorCode);
  const model: TfliteModel = {
    tensors: tensors.map((table) => readTensor(table, buffers)),
    operators: graph.tables(3).map((table) => readOperator(table, codes)),
    inputs: graph.int32s(1),
    outputs: graph.int32s(2),
  };
  requireIndices(model);
  return model;
};
