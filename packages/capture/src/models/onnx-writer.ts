import { ProtobufWriter } from './protobuf.ts';

/** A node attribute; integers and lists of integers are told from floats by the wrapper `{ float }`. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A constant: float32 or int64 (given as numbers), row-major. */
export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export interface OnnxPort {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly constants: readonly OnnxConstant[];
  readonly nodes: readonly OnnxNode[];
}

// Numbers of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
const IR_VERSION = 8;
const OPSET = 17;
const ELEMENT = { float: 1, int64: 7 } as const;
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const;

const attributeMessage = (name: string, value: OnnxAttribute): ProtobufWriter => {
  const message = new ProtobufWriter().text(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, ATTRIBUTE.int);
  if (typeof value === 'string') return message.text(4, value).integer(20, ATTRIBUTE.string);
  if ('float' in value) return message.float(2, value.float).integer(20, ATTRIBUTE.float);
  return message.integers(8, value).integer(20, ATTRIBUTE.ints);
};

const nodeMessage = (node: OnnxNode): ProtobufWriter => {
  const message = new ProtobufWriter();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  const attributes = Object.entries(node.attributes).map(([name, value]) => attributeMessage(name, value));
  return message.text(4, node.type).messages(5, attributes);
};

const littleEndian = (values: Float32Array | BigInt64Array): Uint8Array => {
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  if (values instanceof Float32Array) for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i], true);
  else for (let i = 0; i < values.length; i++) view.setBigInt64(i * 8, values[i], true);
  return bytes;
};

const constantMessage = (constant: OnnxConstant): ProtobufWriter =>
  new ProtobufWriter()
    .integers(1, constant.shape)
    .integer(2, constant.values instanceof Float32Array ? ELEMENT.float : ELEMENT.int64)
    .text(8, constant.name)
    .bytes(9, littleEndian(constant.values));

const portMessage = (port: OnnxPort): ProtobufWriter => {
  const dimensions = port.shape.map((size) => new ProtobufWriter().integer(1, size));
  const tensor = new ProtobufWriter().integer(1, ELEMENT.float).message(2, new ProtobufWriter().messages(1, dimensions));
  return new ProtobufWriter().text(1, port.name).message(2, new ProtobufWriter().message(1, tensor));
};

/** Serialises a graph as an ONNX model (IR 8, opset 17). All inputs and outputs are float32. */
export const writeOnnx = (graph: OnnxGraph): Uint8Array => {
  const body = new ProtobufWriter()
    .messages(1, graph.nodes.map(nodeMessage))
    .text(2, graph.name)
    .messages(5, graph.constants.map(constantMessage))
    .messages(11, graph.inputs.map(portMessage))
    .messages(12, graph.outputs.map(portMessage));
  return new ProtobufWriter()
    .integer(1, IR_VERSION)
    .text(2, 'gaitway')
    .message(7, body)
    .message(8, new ProtobufWriter().text(1, '').integer(2, OPSET))
    .finish();
};
