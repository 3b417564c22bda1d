import { deflateSync } from 'node:zlib';
import { FOOTER_MAGIC, FOOTER_ZEROS, HEADER_MAGIC, WIDE_VERSION } from './signature.ts';
import type { FbxDocument, FbxNode, FbxProperty } from './tree.ts';

/** Arrays below this size are stored plainly: compressing them would not make them smaller. */
const MIN_DEFLATE_BYTES = 128;

/** zlib's default; fixed here because output must be the same bytes every time. */
const DEFLATE_LEVEL = 6;

/** A record whose properties are encoded and whose size is known. */
interface Sized {
  readonly name: Uint8Array;
  readonly propertyCount: number;
  readonly parts: readonly Uint8Array[];
  readonly propertyBytes: number;
  readonly children: readonly Sized[];
  readonly terminated: boolean;
  /** Whole record, header and terminator included. */
  readonly bytes: number;
}

/** Encodes a tree as binary FBX. Same tree, same bytes. */
export function writeFbxBinary(document: FbxDocument): Uint8Array {
  const wide = document.version >= WIDE_VERSION;
  const encoder = new PropertyEncoder();
  const nodes = document.nodes.map((node) => measure(node, encoder, wide));
  const start = HEADER_MAGIC.length + 4;
  const end = nodes.reduce((n, node) => n + node.bytes, start) + headerBytes(wide);
  const footer = footerBytes(document, end);
  const out = new Uint8Array(end + footer.length);
  const view = new DataView(out.buffer);
  out.set(HEADER_MAGIC);
  view.setUint32(HEADER_MAGIC.length, document.version, true);
  let at = start;
  for (const node of nodes) at = put(out, view, at, node, wide);
  out.set(footer, end);
  return out;
}

/** Record header without the name; as many zeros terminate a list of children. */
export const headerBytes = (wide: boolean): number => (wide ? 25 : 13);

function measure(node: FbxNode, encoder: PropertyEncoder, wide: boolean): Sized {
  const name = new TextEncoder().encode(node.name);
  const parts = node.properties.flatMap((property) => encoder.encode(property));
  const propertyBytes = parts.reduce((n, part) => n + part.length, 0);
  const children = (node.children ?? []).map((c) => measure(c, encoder, wide));
  const terminated = node.children !== undefined;
  const below = children.reduce((n, c) => n + c.bytes, 0) + (terminated ? headerBytes(wide) : 0);
  const bytes = headerBytes(wide) + name.length + propertyBytes + below;
  return { name, propertyCount: node.properties.length, parts, propertyBytes, children, terminated, bytes };
}

function put(out: Uint8Array, view: DataView, start: number, node: Sized, wide: boolean): number {
  const fields = [start + node.bytes, node.propertyCount, node.propertyBytes];
  fields.forEach((value, i) => {
    if (wide) view.setBigUint64(start + i * 8, BigInt(value), true);
    else view.setUint32(start + i * 4, value, true);
  });
  let at = start + headerBytes(wide);
  out[at - 1] = node.name.length;
  for (const part of [node.name, ...node.parts]) {
    out.set(part, at);
    at += part.length;
  }
  for (const c of node.children) at = put(out, view, at, c, wide);
  return start + node.bytes;
}

/** Footer: id, 4 zeros, padding to 16 (a full 16 when already aligned), version, 120 zeros, magic. */
function footerBytes(document: FbxDocument, at: number): Uint8Array {
  const unpadded = at + document.footerId.length + 4;
  const padding = 16 - (unpadded % 16);
  const versionAt = document.footerId.length + 4 + padding;
  const out = new Uint8Array(versionAt + 4 + FOOTER_ZEROS + FOOTER_MAGIC.length);
  out.set(document.footerId);
  new DataView(out.buffer).setUint32(versionAt, document.version, true);
  out.set(FOOTER_MAGIC, versionAt + 4 + FOOTER_ZEROS);
  return out;
}

/** Encodes properties; an array that many records share (key times) is compressed once. */
class PropertyEncoder {
  readonly #arrays = new WeakMap<object, readonly Uint8Array[]>();

  encode(property: FbxProperty): readonly Uint8Array[] {
    switch (property.type) {
      case 'S':
      case 'R':
        return lengthPrefixed(property);
      case 'i':
      case 'l':
      case 'f':
      case 'd':
      case 'b':
      case 'c':
        return this.#array(property.type, property.value);
      default:
        return [scalar(property)];
    }
  }

  #array(type: string, value: ArrayBufferView & { readonly length: number }): readonly Uint8Array[] {
    const known = this.#arrays.get(value);
    if (known) return known;
    const plain = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const deflated = plain.length >= MIN_DEFLATE_BYTES;
    const body = deflated ? new Uint8Array(deflateSync(plain, { level: DEFLATE_LEVEL })) : plain;
    const head = new Uint8Array(13);
    const view = new DataView(head.buffer);
    head[0] = type.charCodeAt(0);
    view.setUint32(1, value.length, true);
    view.setUint32(5, deflated ? 1 : 0, true);
    view.setUint32(9, body.length, true);
    const parts = [head, body];
    this.#arrays.set(value, parts);
    return parts;
  }
}

function lengthPrefixed(property: Extract<FbxProperty, { type: 'S' | 'R' }>): readonly Uint8Array[] {
  const body = property.type === 'R' ? property.value : (property.raw ?? new TextEncoder().encode(property.value));
  const head = new Uint8Array(5);
  head[0] = property.type.charCodeAt(0);
  new DataView(head.buffer).setUint32(1, body.length, true);
  return [head, body];
}

type Scalar = Extract<FbxProperty, { type: 'C' | 'B' | 'Z' | 'Y' | 'I' | 'F' | 'D' | 'L' }>;

const SCALAR_BYTES = { C: 1, B: 1, Z: 1, Y: 2, I: 4, F: 4, D: 8, L: 8 } as const;

function scalar(property: Scalar): Uint8Array {
  const out = new Uint8Array(1 + SCALAR_BYTES[property.type]);
  const view = new DataView(out.buffer);
  out[0] = property.type.charCodeAt(0);
  if (property.type === 'L') view.setBigInt64(1, property.value, true);
  else if (property.type === 'D') view.setFloat64(1, property.value, true);
  else if (property.type === 'F') view.setFloat32(1, property.value, true);
  else if (property.type === 'I') view.setInt32(1, property.value, true);
  else if (property.type === 'Y') view.setInt16(1, property.value, true);
  else view.setUint8(1, property.value);
  return out;
}
