import { damagedModel } from './flatbuffer.ts';
import { OnnxGraphBuilder } from './onnx-graph.ts';
import { type OnnxPort, writeOnnx } from './onnx-writer.ts';
import type { OperatorContext } from './operator-context.ts';
import { CONVERTERS } from './operator-converters.ts';
import { OPERATOR, type TfliteModel, type TfliteOperator, type TfliteTensor } from './tflite.ts';

/** Part of the cache key: raise it whenever the conversion writes anything different. */
export const CONVERTER_VERSION = 1;

/** NHWC shapes of run-time values become NCHW; everything else keeps its order. */
export const toChannelsFirst = (shape: readonly number[]): readonly number[] =>
  shape.length === 4 ? [shape[0], shape[3], shape[1], shape[2]] : shape;

/** DEQUANTIZE (float16 → float32) and DENSIFY of constants change the storage, not the value: they fold away. */
const isStorageOperator = (operator: TfliteOperator): boolean =>
  operator.code === OPERATOR.DEQUANTIZE || operator.code === OPERATOR.DENSIFY;

/** The operators that the wanted outputs depend on, in execution order. */
const neededOperators = (model: TfliteModel, outputs: readonly number[]): TfliteOperator[] => {
  const needed = new Set(outputs);
  const kept: TfliteOperator[] = [];
  for (const operator of [...model.operators].reverse()) {
    if (!operator.outputs.some((index) => needed.has(index))) continue;
    for (const index of operator.inputs) needed.add(index);
    kept.push(operator);
  }
  return kept.reverse();
};

/** For each tensor the constant that it holds, seen through the storage operators. */
const foldConstants = (model: TfliteModel): Map<number, TfliteTensor> => {
  const constants = new Map<number, TfliteTensor>();
  model.tensors.forEach((tensor, index) => {
    if (tensor.data.length > 0) constants.set(index, tensor);
  });
  for (const operator of model.operators) {
    const source = isStorageOperator(operator) ? constants.get(operator.inputs[0]) : undefined;
    if (source) constants.set(operator.outputs[0], source);
  }
  return constants;
};

const requireOutputs = (model: TfliteModel, names: readonly string[]): number[] =>
  names.map((name) => {
    const index = model.outputs.find((output) => model.tensors[output].name === name);
    if (index === undefined) throw damagedModel(`tflite: no output ${name}`);
    return index;
  });

const port = (model: TfliteModel, index: number, name: string): OnnxPort => ({
  name,
  shape: toChannelsFirst(model.tensors[index].shape),
});

/**
 * Converts a model to ONNX with only the named outputs; operators that feed nothing else are dropped. Image-shaped inputs and
 * outputs become channels-first: an input `[1, 256, 256, 3]` is `input: [1, 3, 256, 256]` in the result.
 */
export const convertToOnnx = (model: TfliteModel, outputNames: readonly string[]): Uint8Array => {
  const builder = new OnnxGraphBuilder();
  const outputs = requireOutputs(model, outputNames);
  const names = new Map<number, string>([[model.inputs[0], 'input']]);
  outputs.forEach((index, i) => {
    names.set(index, outputNames[i]);
  });
  const context: OperatorContext = {
    builder,
    tensors: model.tensors,
    constants: foldConstants(model),
    name: (index) => {
      const name = names.get(index) ?? `tensor_${index}`;
      names.set(index, name);
      return name;
    },
  };
  for (const operator of neededOperators(model, outputs)) {
    if (isStorageOperator(operator)) continue;
    const convert = CONVERTERS.get(operator.code);
    if (!convert) throw damagedModel(`tflite: operator ${operator.code} is not supported`);
    convert(context, operator);
  }
  return writeOnnx(
    builder.graph(
      'pose',
      [port(model, model.inputs[0], 'input')],
      outputs.map((index, i) => port(model, index, outputNames[i])),
    ),
  );
};
