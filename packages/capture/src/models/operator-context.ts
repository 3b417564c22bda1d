import { damagedModel } from './flatbuffer.ts';
import type { OnnxGraphBuilder } from './onnx-graph.ts';
import type { TfliteOperator, TfliteTensor } from './tflite.ts';

/** What a converter needs to know of the graph around its operator. */
export interface OperatorContext {
  readonly builder: OnnxGraphBuilder;
  readonly tensors: readonly TfliteTensor[];
  /** Tensor index → constant, seen through DEQUANTIZE and DENSIFY. */
  readonly constants: ReadonlyMap<number, TfliteTensor>;
  /** Name of a tensor's run-time value in the ONNX graph. */
  readonly name: (index: number) => string;
}

export type OperatorConverter = (context: OperatorContext, operator: TfliteOperator) => void;

/** The constant of tensor `index`; throws where the value is only known at run time. */
export const requireConstant = (context: OperatorContext, index: number): TfliteTensor => {
  const constant = context.constants.get(index);
  if (!constant) throw damagedModel(`tflite: tensor ${index} is not constant`);
  return constant;
};

const FUSED = { none: 0, relu: 1, relu6: 3 } as const;

/** min(max(x, 0), 6). */
export const clip6 = (builder: OnnxGraphBuilder, input: string, output: string): void => {
  const low = builder.floats('low', [], new Float32Array([0]));
  const high = builder.floats('high', [], new Float32Array([6]));
  builder.node('Clip', [input, low, high], {}, output);
};

/** Writes the operator's result under its name: directly, or through the activation that is fused into the operator. */
export const writeActivated = (
  context: OperatorContext,
  operator: TfliteOperator,
  activation: number,
  write: (output: string) => void,
): void => {
  const { builder } = context;
  const result = context.name(operator.outputs[0]);
  if (activation === FUSED.none) {
    write(result);
    return;
  }
  const raw = builder.unique('raw');
  write(raw);
  if (activation === FUSED.relu) builder.node('Relu', [raw], {}, result);
  else if (activation === FUSED.relu6) clip6(builder, raw, result);
  else throw damagedModel(`tflite: fused activation ${activation}`);
};
