import { type OperatorContext, type OperatorConverter, requireConstant, writeActivated } from './operator-context.ts';
import type { TfliteOperator } from './tflite.ts';
import { constantFloats } from './tflite-constants.ts';

const PADDING_SAME = 0;

interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
}

/** Padding before and after along one axis for TFLite's SAME: the odd pixel goes to the end. */
export const samePadding = (input: number, kernel: number, stride: number, dilation: number): [number, number] => {
  const output = Math.ceil(input / stride);
  const total = Math.max((output - 1) * stride + (kernel - 1) * dilation + 1 - input, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
};

/** ONNX `pads`: top, left, bottom, right. */
const pads = (context: OperatorContext, operator: TfliteOperator, window: Window): number[] => {
  if ((operator.options?.uint8(0) ?? PADDING_SAME) !== PADDING_SAME) return [0, 0, 0, 0];
  const [, height, width] = context.tensors[operator.inputs[0]].shape;
  const [top, bottom] = samePadding(height, window.kernel[0], window.stride[0], window.dilation[0]);
  const [left, right] = samePadding(width, window.kernel[1], window.stride[1], window.dilation[1]);
  return [top, left, bottom, right];
};

const attributes = (context: OperatorContext, operator: TfliteOperator, window: Window) => ({
  kernel_shape: window.kernel,
  strides: window.stride,
  dilations: window.dilation,
  pads: pads(context, operator, window),
});

/** `[A, H, W, C]` → `[C, A, H, W]` (depthwise: A = 1) or, with `keepFirst`, `[A, C, H, W]` (convolution). */
const reorderWeights = (values: Float32Array, shape: readonly number[], keepFirst: boolean): Float32Array => {
  const [a, h, w, c] = shape;
  const out = new Float32Array(values.length);
  const plane = h * w;
  let from = 0;
  for (let i = 0; i < a; i++)
    for (let p = 0; p < plane; p++)
      for (let k = 0; k < c; k++) {
        const row = keepFirst ? i * c + k : k * a + i;
        out[row * plane + p] = values[from++];
      }
  return out;
};

const strideAt = (operator: TfliteOperator): [number, number] => [operator.options?.int32(2, 1) ?? 1, operator.options?.int32(1, 1) ?? 1];

/** Input, weights and, where there is one, bias. */
const inputsWithWeights = (context: OperatorContext, operator: TfliteOperator, weights: string): string[] => {
  const biasIndex = operator.inputs[2] ?? -1;
  const inputs = [context.name(operator.inputs[0]), weights];
  if (biasIndex < 0) return inputs;
  const bias = constantFloats(requireConstant(context, biasIndex));
  return [...inputs, context.builder.floats('bias', [bias.length], bias)];
};

/** CONV_2D; weights are stored `[out, H, W, in]`. */
export const convertConvolution: OperatorConverter = (context, operator) => {
  const stored = requireConstant(context, operator.inputs[1]);
  const [outChannels, height, width, inChannels] = stored.shape;
  const values = reorderWeights(constantFloats(stored), stored.shape, true);
  const weights = context.builder.floats('weights', [outChannels, inChannels, height, width], values);
  const dilation = [operator.options?.int32(5, 1) ?? 1, operator.options?.int32(4, 1) ?? 1] as const;
  const window: Window = { kernel: [height, width], stride: strideAt(operator), dilation };
  const inputs = inputsWithWeights(context, operator, weights);
  writeActivated(context, operator, operator.options?.uint8(3) ?? 0, (output) => {
    context.builder.node('Conv', inputs, attributes(context, operator, window), output);
  });
};

/** DEPTHWISE_CONV_2D; weights are stored `[1, H, W, channels]`: a grouped convolution with one group a channel. */
export const convertDepthwise: OperatorConverter = (context, operator) => {
  const stored = requireConstant(context, operator.inputs[1]);
  const [, height, width, channels] = stored.shape;
  const values = reorderWeights(constantFloats(stored), stored.shape, false);
  const weights = context.builder.floats('weights', [channels, 1, height, width], values);
  const dilation = [operator.options?.int32(6, 1) ?? 1, operator.options?.int32(5, 1) ?? 1] as const;
  const window: Window = { kernel: [height, width], stride: strideAt(operator), dilation };
  const group = context.tensors[operator.inputs[0]].shape[3];
  const inputs = inputsWithWeights(context, operator, weights);
  writeActivated(context, operator, operator.options?.uint8(4) ?? 0, (output) => {
    context.builder.node('Conv', inputs, { ...attributes(context, operator, window), group }, output);
  });
};

/** MAX_POOL_2D; padding never wins a maximum in either runtime. */
export const convertMaxPool: OperatorConverter = (context, operator) => {
  const kernel = [operator.options?.int32(4, 1) ?? 1, operator.options?.int32(3, 1) ?? 1] as const;
  const window: Window = { kernel, stride: strideAt(operator), dilation: [1, 1] };
  writeActivated(context, operator, operator.options?.uint8(5) ?? 0, (output) => {
    const input = context.name(operator.inputs[0]);
    context.builder.node('MaxPool', [input], attributes(context, operator, window), output);
  });
};
