import { inflateSync } from 'node:zlib';
import { GaitwayError } from '@gaitway/motion/errors';
import type { FbxLimits } from './limits.ts';
import { FBX_LIMITS } from './limits.ts';
import { FOOTER_ID, HEADER_MAGIC, WIDE_VERSION } from './signature.ts';
import type { FbxDocument, FbxNode, FbxProperty } from './tree.ts';
import { headerBytes } from './write-binary.ts';

/** The oldest version whose records have the layout read here (FBX 2011). */
const MIN_VERSION = 7100;
const MAX_VERSION = 7700;

/**
 * Reads binary FBX 7.1–7.7 into its value tree. The bytes are hostile until proven otherwise: every offset must lie inside
 * its parent and move forwards, every declared size is checked against what is there and against `limits` before memory is
 * taken for it, and inflating stops at the declared size. Throws `fbx_unreadable`.
 */
export function readFbxBinary(bytes: Uint8Array, limits: FbxLimits = FBX_LIMITS): FbxDocument {
  if (bytes.length > limits.maxFileBytes) throw unreadable('it is larger than can be read');
  const version = readVersion(bytes);
  // A Buffer's `slice` is a view; a plain view of the same bytes copies.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new RecordReader(plain, version >= WIDE_VERSION, limits);
  const { nodes, end } = reader.list(HEADER_MAGIC.length + 4, bytes.length, 0);
  return { version, nodes, footerId: plain.slice(end, end + FOOTER_ID.length) };
}

export const unreadable = (why: string, cause?: unknown): GaitwayError =>
  new GaitwayError('fbx_unreadable', { message: `This FBX file cannot be read: ${why}.`, cause });

function readVersion(bytes: Uint8Array): number {
  if (bytes.length < HEADER_MAGIC.length + 4 || HEADER_MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw unreadable('it does not begin as a binary FBX file');
  }
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint32(HEADER_MAGIC.length, true);
  if (version < MIN_VERSION) throw unreadable('its version is too old; export it again as FBX 2013 or later');
  if (version > MAX_VERSION) throw unreadable('its version is newer than FBX 2020');
  return version;
}

/** Bytes of an element of each kind of array property. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = { i: 4, l: 8, f: 4, d: 8, b: 1, c: 1 };

interface Cursor {
  at: number;
  readonly end: number;
}

interface RecordHeader {
  readonly at: number;
  /** Offset after the record; 0 for the terminator of a list. */
  readonly end: number;
  readonly count: number;
  readonly propertyBytes: number;
  readonly nameLength: number;
}

class RecordReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #wide: boolean;
  readonly #limits: FbxLimits;
  #recordsLeft: number;
  #propertiesLeft: number;
  #arrayBytesLeft: number;

  constructor(bytes: Uint8Array, wide: boolean, limits: FbxLimits) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#wide = wide;
    this.#limits = limits;
    this.#recordsLeft = limits.maxRecords;
    this.#propertiesLeft = limits.maxProperties;
    this.#arrayBytesLeft = limits.maxArrayBytes;
  }

  /** Records from `at` to the terminator, which must come before `limit`; `end` is the offset after the terminator. */
  list(at: number, limit: number, depth: number): { nodes: FbxNode[]; end: number } {
    if (depth > this.#limits.maxDepth) throw unreadable('its records are nested too deeply');
    const nodes: FbxNode[] = [];
    for (let from = at; ; ) {
      const header = this.#header(from, limit);
      if (header.end === 0) return { nodes, end: from + headerBytes(this.#wide) };
      nodes.push(this.#record(header, depth));
      from = header.end;
    }
  }

  #header(at: number, limit: number): RecordHeader {
    const size = headerBytes(this.#wide);
    if (at + size > limit) throw unreadable('it is cut off');
    const field = (i: number): number =>
      this.#wide ? Number(this.#view.getBigUint64(at + i * 8, true)) : this.#view.getUint32(at + i * 4, true);
    const [end, count, propertyBytes] = [field(0), field(1), field(2)];
    const nameLength = this.#bytes[at + size - 1];
    if (end === 0 && (count !== 0 || propertyBytes !== 0 || nameLength !== 0)) throw unreadable('a record has no end');
    if (end !== 0 && (end > limit || at + size + nameLength + propertyBytes > end)) throw unreadable('a record is larger than its parent');
    return { at, end, count, propertyBytes, nameLength };
  }

  #record({ at, end, count, propertyBytes, nameLength }: RecordHeader, depth: number): FbxNode {
    if (--this.#recordsLeft < 0) throw unreadable('it has too many records');
    if (count > propertyBytes) throw unreadable('a record promises more properties than it holds');
    this.#propertiesLeft -= count;
    if (this.#propertiesLeft < 0) throw unreadable('it has too many properties');
    const nameAt = at + headerBytes(this.#wide);
    const name = new TextDecoder().decode(this.#bytes.subarray(nameAt, nameAt + nameLength));
    const cursor = { at: nameAt + nameLength, end: nameAt + nameLength + propertyBytes };
    const properties: FbxProperty[] = [];
    for (let i = 0; i < count; i++) properties.push(this.#property(cursor));
    if (cursor.at !== cursor.end) throw unreadable('the properties of a record do not fill it');
    if (cursor.end === end) return { name, properties };
    const below = this.list(cursor.end, end, depth + 1);
    if (below.end !== end) throw unreadable('a record does not end where it says');
    return { name, properties, children: below.nodes };
  }

  /** Moves past `size` bytes of the record's properties and returns where they begin. */
  #take(cursor: Cursor, size: number): number {
    const at = cursor.at;
    if (size > cursor.end - at) throw unreadable('a property is larger than its record');
    cursor.at = at + size;
    return at;
  }

  #property(cursor: Cursor): FbxProperty {
    const type = String.fromCharCode(this.#bytes[this.#take(cursor, 1)]);
    switch (type) {
      case 'C':
      case 'B':
      case 'Z':
        return { type, value: this.#view.getUint8(this.#take(cursor, 1)) };
      case 'Y':
        return { type, value: this.#view.getInt16(this.#take(cursor, 2), true) };
      case 'I':
        return { type, value: this.#view.getInt32(this.#take(cursor, 4), true) };
      case 'F':
        return { type, value: this.#view.getFloat32(this.#take(cursor, 4), true) };
      case 'D':
        return { type, value: this.#view.getFloat64(this.#take(cursor, 8), true) };
      case 'L':
        return { type, value: this.#view.getBigInt64(this.#take(cursor, 8), true) };
      case 'S':
      case 'R':
        return this.#text(cursor, type);
      default:
        return this.#array(cursor, type);
    }
  }

  #text(cursor: Cursor, type: 'S' | 'R'): FbxProperty {
    const size = this.#view.getUint32(this.#take(cursor, 4), true);
    if (size > this.#limits.maxTextBytes) throw unreadable('a text is too long');
    const at = this.#take(cursor, size);
    const bytes = this.#bytes.slice(at, at + size);
    if (type === 'R') return { type, value: bytes };
    const value = new TextDecoder().decode(bytes);
    return value.includes('\ufffd') ? { type, value, raw: bytes } : { type, value };
  }

  #array(cursor: Cursor, type: string): FbxProperty {
    const element = ELEMENT_BYTES[type];
    if (element === undefined) throw unreadable('a property has an unknown type');
    const at = this.#take(cursor, 12);
    const [count, encoding, stored] = [0, 4, 8].map((o) => this.#view.getUint32(at + o, true));
    const size = count * element;
    this.#arrayBytesLeft -= size;
    if (this.#arrayBytesLeft < 0) throw unreadable('its arrays are too large');
    const from = this.#take(cursor, encoding === 1 ? stored : size);
    const body = this.#bytes.subarray(from, cursor.at);
    if (encoding > 1) throw unreadable('an array has an unknown encoding');
    return typedArray(type, encoding === 1 ? inflated(body, size) : body.slice());
  }
}

function inflated(body: Uint8Array, size: number): Uint8Array {
  if (size === 0) return new Uint8Array();
  try {
    const out = inflateSync(body, { maxOutputLength: size });
    if (out.length !== size) throw unreadable('an array is shorter than it says');
    return new Uint8Array(out);
  } catch (cause) {
    throw cause instanceof GaitwayError ? cause : unreadable('a compressed array is damaged', cause);
  }
}

/** A typed view of bytes that begin at offset 0 of a buffer of their own. */
function typedArray(type: string, { buffer }: Uint8Array): FbxProperty {
  const own = buffer as ArrayBuffer;
  switch (type) {
    case 'i':
      return { type, value: new Int32Array(own) };
    case 'l':
      return { type, value: new BigInt64Array(own) };
    case 'f':
      return { type, value: new Float32Array(own) };
    case 'd':
      return { type, value: new Float64Array(own) };
    default:
      return { type: type === 'b' ? 'b' : 'c', value: new Uint8Array(own) };
  }
}
