import { convertConvolution, convertDepthwise, convertMaxPool } from './convolution-converters.ts';
import { damagedModel } from './flatbuffer.ts';
import { clip6, type OperatorContext, type OperatorConverter, requireConstant, writeActivated } from './operator-context.ts';
import { OPERATOR } from './tflite.ts';
import { constantFloats, constantInts } from './tflite-constants.ts';

/** An operand of an element-wise operator; constants are per channel and broadcast over `[1, C, 1, 1]`. */
const operand = (context: OperatorContext, index: number): string => {
  const constant = context.constants.get(index);
  if (!constant) return context.name(index);
  const values = constantFloats(constant);
  return context.builder.floats('constant', values.length === 1 ? [1] : [1, values.length, 1, 1], values);
};

const elementWise =
  (type: 'Add' | 'Mul'): OperatorConverter =>
  (context, operator) => {
    const inputs = operator.inputs.map((index) => operand(context, index));
    writeActivated(context, operator, operator.options?.uint8(0) ?? 0, (output) => {
      context.builder.node(type, inputs, {}, output);
    });
  };

const unary =
  (type: 'Relu' | 'Sigmoid'): OperatorConverter =>
  (context, operator) => {
    context.builder.node(type, [context.name(operator.inputs[0])], {}, context.name(operator.outputs[0]));
  };

const relu6: OperatorConverter = (context, operator) =>
  clip6(context.builder, context.name(operator.inputs[0]), context.name(operator.outputs[0]));

/** Axis of an NHWC tensor (negative counts from the end) → axis of its NCHW form. */
const CHANNELS_FIRST_AXIS = [0, 2, 3, 1] as const;

const concatenate: OperatorConverter = (context, operator) => {
  const rank = context.tensors[operator.outputs[0]].shape.length;
  const stored = operator.options?.int32(0) ?? 0;
  const axis = stored < 0 ? stored + rank : stored;
  writeActivated(context, operator, operator.options?.uint8(1) ?? 0, (output) => {
    const inputs = operator.inputs.map((index) => context.name(index));
    context.builder.node('Concat', inputs, { axis: rank === 4 ? CHANNELS_FIRST_AXIS[axis] : axis }, output);
  });
};

/** The order of elements must be that of NHWC before they are given another shape. */
const reshape: OperatorConverter = (context, operator) => {
  const { builder, tensors } = context;
  const [from, to] = [tensors[operator.inputs[0]].shape, tensors[operator.outputs[0]].shape];
  if (to.length === 4) throw damagedModel('tflite: RESHAPE to an image');
  const name = context.name(operator.inputs[0]);
  const flat = from.length === 4 ? builder.node('Transpose', [name], { perm: [0, 2, 3, 1] }) : name;
  builder.node('Reshape', [flat, builder.integers('shape', to)], {}, context.name(operator.outputs[0]));
};

/** Paddings `[4, 2]` in NHWC order → ONNX: all begins, then all ends, in NCHW order. */
const pad: OperatorConverter = (context, operator) => {
  const paddings = constantInts(requireConstant(context, operator.inputs[1]));
  const order = [0, 3, 1, 2];
  const pads = [...order.map((d) => paddings[d * 2]), ...order.map((d) => paddings[d * 2 + 1])];
  const { builder } = context;
  builder.node('Pad', [context.name(operator.inputs[0]), builder.integers('pads', pads)], {}, context.name(operator.outputs[0]));
};

const resizeBilinear: OperatorConverter = (context, operator) => {
  const alignCorners = operator.options?.uint8(2) === 1;
  const halfPixel = operator.options?.uint8(3) === 1;
  const [batch, height, width, channels] = context.tensors[operator.outputs[0]].shape;
  const mode = alignCorners ? 'align_corners' : halfPixel ? 'half_pixel' : 'asymmetric';
  const sizes = context.builder.integers('sizes', [batch, channels, height, width]);
  const attributes = { mode: 'linear', coordinate_transformation_mode: mode };
  context.builder.node('Resize', [context.name(operator.inputs[0]), '', '', sizes], attributes, context.name(operator.outputs[0]));
};

/** TFLite's channel order in a block is (row, column, channel): ONNX calls that DCR. */
const depthToSpace: OperatorConverter = (context, operator) => {
  const attributes = { blocksize: operator.options?.int32(0) ?? 0, mode: 'DCR' };
  context.builder.node('DepthToSpace', [context.name(operator.inputs[0])], attributes, context.name(operator.outputs[0]));
};

export const CONVERTERS: ReadonlyMap<number, OperatorConverter> = new Map<number, OperatorConverter>([
  [OPERATOR.ADD, elementWise('Add')],
  [OPERATOR.MUL, elementWise('Mul')],
  [OPERATOR.CONCATENATION, concatenate],
  [OPERATOR.CONV_2D, convertConvolution],
  [OPERATOR.DEPTHWISE_CONV_2D, convertDepthwise],
  [OPERATOR.DEPTH_TO_SPACE, depthToSpace],
  [OPERATOR.LOGISTIC, unary('Sigmoid')],
  [OPERATOR.MAX_POOL_2D, convertMaxPool],
  [OPERATOR.RELU, unary('Relu')],
  [OPERATOR.RELU6, relu6],
  [OPERATOR.RESHAPE, reshape],
  [OPERATOR.RESIZE_BILINEAR, resizeBilinear],
  [OPERATOR.PAD, pad],
]);
