import { inflateRawSync } from 'node:zlib';
import { GaitwayError } from '@gaitway/motion/errors';

/** One array of an `.npz`: numbers in row-major order, or text. */
export interface ReadArray {
  readonly shape: readonly number[];
  readonly values: Float64Array | readonly string[];
}

const MAX_BYTES = 512 * 1024 * 1024;
const MAX_ENTRIES = 1000;

/**
 * The arrays of an `.npz` as `numpy.savez` and `numpy.savez_compressed` write it: a zip (stored or deflated) of `.npy` files of the
 * formats 1 to 3. Types: floating point, integers, booleans and fixed-width text; others (pickled objects) are left out, never run.
 */
export function readNpz(bytes: Uint8Array): ReadonlyMap<string, ReadArray> {
  if (bytes.length > MAX_BYTES) throw unreadable(`The NPZ file is larger than ${MAX_BYTES} bytes.`);
  const arrays = new Map<string, ReadArray>();
  let budget = MAX_BYTES;
  for (const entry of zipEntries(bytes)) {
    const body = entryBytes(bytes, entry, budget);
    budget -= body.length;
    const array = readNpy(body, entry.name);
    if (array) arrays.set(entry.name.replace(/\.npy$/, ''), array);
  }
  return arrays;
}

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly at: number;
}

const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The central directory, found from the end. */
function zipEntries(bytes: Uint8Array): ZipEntry[] {
  const view = viewOf(bytes);
  let end = bytes.length - END_BYTES;
  const first = Math.max(0, end - LONGEST_COMMENT);
  while (end >= first && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < first) throw unreadable('The NPZ file is no zip archive, or its end is missing.');
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ENTRIES) throw unreadable(`The NPZ file has more than ${MAX_ENTRIES} entries.`);
  const out: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let k = 0; k < count; k++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw unreadable('The directory of the NPZ file is damaged.');
    const nameBytes = view.getUint16(at + 28, true);
    const name = new TextDecoder('latin1').decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    out.push({
      name,
      method: view.getUint16(at + 10, true),
      packedBytes: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return out;
}

const STORED = 0;
const DEFLATED = 8;

function entryBytes(bytes: Uint8Array, { name, method, packedBytes, at }: ZipEntry, budget: number): Uint8Array {
  const view = viewOf(bytes);
  if (at + 30 > bytes.length || view.getUint32(at, true) !== 0x04034b50) throw unreadable(`${name}: its header is damaged.`);
  const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (from + packedBytes > bytes.length) throw unreadable(`${name}: the file ends inside it.`);
  const packed = bytes.subarray(from, from + packedBytes);
  if (method === STORED && packedBytes <= budget) return packed;
  if (method !== DEFLATED || budget < 1) throw unreadable(`${name}: too large, or packed in a way that NumPy does not use.`);
  try {
    return inflateRawSync(packed, { maxOutputLength: budget });
  } catch (cause) {
    throw new GaitwayError('motion_unreadable', { message: `${name}: cannot be unpacked, or unpacks to too much.`, cause });
  }
}

const READERS: Readonly<Record<string, readonly [width: number, read: (view: DataView, at: number) => number]>> = {
  '<f8': [8, (view, at) => view.getFloat64(at, true)],
  '<f4': [4, (view, at) => view.getFloat32(at, true)],
  '<i8': [8, (view, at) => Number(view.getBigInt64(at, true))],
  '<i4': [4, (view, at) => view.getInt32(at, true)],
  '<i2': [2, (view, at) => view.getInt16(at, true)],
  '|i1': [1, (view, at) => view.getInt8(at)],
  '|u1': [1, (view, at) => view.getUint8(at)],
  '|b1': [1, (view, at) => view.getUint8(at)],
};

/** One `.npy`; undefined for a type that holds no numbers and no text. */
function readNpy(bytes: Uint8Array, name: string): ReadArray | undefined {
  const view = viewOf(bytes);
  if (bytes.length < 12 || view.getUint32(0) !== 0x934e554d) throw unreadable(`${name}: no NumPy array.`);
  const isLong = bytes[6] > 1;
  const from = (isLong ? 12 : 10) + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  if (from > bytes.length) throw unreadable(`${name}: its header is cut off.`);
  const header = new TextDecoder('latin1').decode(bytes.subarray(0, from));
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? '';
  const shape = (/'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((word) => word.trim() !== '')
    .map(Number);
  const count = shape.reduce((a, b) => a * b, 1);
  if (/'fortran_order':\s*True/.test(header) && shape.length > 1)
    throw unreadable(`${name}: stored column by column (Fortran order), which is not read.`);
  const body = new DataView(view.buffer, view.byteOffset + from, bytes.length - from);
  const width = /^<U(\d+)$/.exec(type)?.[1];
  if (width !== undefined) return { shape, values: readText(body, count, Number(width), name) };
  const reader = READERS[type];
  if (!reader) return undefined;
  if (count * reader[0] > body.byteLength) throw unreadable(`${name}: fewer values than its shape says.`);
  return { shape, values: Float64Array.from({ length: count }, (_, i) => reader[1](body, i * reader[0])) };
}

function readText(body: DataView, count: number, width: number, name: string): string[] {
  if (count * width * 4 > body.byteLength) throw unreadable(`${name}: fewer values than its shape says.`);
  return Array.from({ length: count }, (_, i) => {
    let text = '';
    for (let k = 0; k < width; k++) {
      const point = body.getUint32((i * width + k) * 4, true);
      if (point > 0 && point <= 0x10ffff) text += String.fromCodePoint(point);
    }
    return text;
  });
}

const unreadable = (message: string): GaitwayError => new GaitwayError('motion_unreadable', { message });
