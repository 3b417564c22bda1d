/**
 * NumPy arrays in a zip without compression (`.npz`), after the NumPy Enhancement Proposal 1 (format 1.0) and PKWARE's APPNOTE:
 * what `numpy.load` reads. Deterministic: no time stamps.
 */
import { crc32 } from 'node:zlib';

export type NpzArray =
  | { readonly kind: 'float64'; readonly shape: readonly number[]; readonly values: Float64Array }
  | { readonly kind: 'int64'; readonly shape: readonly number[]; readonly values: BigInt64Array }
  | { readonly kind: 'text'; readonly values: readonly string[] };

/** Writes named arrays; the keys become `name.npy`. */
export function writeNpz(arrays: Readonly<Record<string, NpzArray>>): Uint8Array {
  return zipStore(Object.entries(arrays).map(([name, array]) => ({ name: `${name}.npy`, bytes: writeNpy(array) })));
}

const ALIGN = 64;

/** One array as a `.npy` file. */
export function writeNpy(array: NpzArray): Uint8Array {
  const { descr, shape, body } = encoded(array);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const padded = dictionary.padEnd(Math.ceil((10 + dictionary.length + 1) / ALIGN) * ALIGN - 11);
  const out = new Uint8Array(10 + padded.length + 1 + body.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (padded.length + 1) & 255, (padded.length + 1) >> 8]);
  out.set(new TextEncoder().encode(`${padded}\n`), 10);
  out.set(body, 11 + padded.length);
  return out;
}

interface Encoded {
  readonly descr: string;
  readonly shape: readonly number[];
  readonly body: Uint8Array;
}

function encoded(array: NpzArray): Encoded {
  if (array.kind === 'text') return encodedText(array.values);
  const body = new Uint8Array(array.values.length * 8);
  const view = new DataView(body.buffer);
  if (array.kind === 'float64')
    array.values.forEach((v, i) => {
      view.setFloat64(i * 8, v, true);
    });
  else
    array.values.forEach((v, i) => {
      view.setBigInt64(i * 8, v, true);
    });
  return { descr: array.kind === 'float64' ? '<f8' : '<i8', shape: array.shape, body };
}

/** Fixed-width UTF-32, NumPy's `<U` type. */
function encodedText(values: readonly string[]): Encoded {
  const width = Math.max(1, ...values.map((v) => [...v].length));
  const body = new Uint8Array(values.length * width * 4);
  const view = new DataView(body.buffer);
  values.forEach((text, i) => {
    [...text].forEach((character, k) => {
      view.setUint32((i * width + k) * 4, character.codePointAt(0) ?? 0, true);
    });
  });
  return { descr: `<U${width}`, shape: [values.length], body };
}

interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
/** 1 January 1980, the first date a zip can hold. */
const DOS_DATE = 0x21;

function zipStore(entries: readonly ZipEntry[]): Uint8Array {
  const names = entries.map((entry) => new TextEncoder().encode(entry.name));
  const size = entries.reduce((sum, entry, i) => sum + LOCAL_SIZE + CENTRAL_SIZE + 2 * names[i].length + entry.bytes.length, END_SIZE);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  const sums = entries.map((entry) => crc32(entry.bytes));
  const offsets: number[] = [];
  let at = 0;
  entries.forEach((entry, i) => {
    offsets.push(at);
    view.setUint32(at, 0x04034b50, true);
    commonHeader(view, at + 4, sums[i], entry.bytes.length, names[i].length);
    out.set(names[i], at + LOCAL_SIZE);
    out.set(entry.bytes, at + LOCAL_SIZE + names[i].length);
    at += LOCAL_SIZE + names[i].length + entry.bytes.length;
  });
  const directoryAt = at;
  entries.forEach((entry, i) => {
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 4, 20, true);
    commonHeader(view, at + 6, sums[i], entry.bytes.length, names[i].length);
    view.setUint32(at + 42, offsets[i], true);
    out.set(names[i], at + CENTRAL_SIZE);
    at += CENTRAL_SIZE + names[i].length;
  });
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, entries.length, true);
  view.setUint16(at + 10, entries.length, true);
  view.setUint32(at + 12, at - directoryAt, true);
  view.setUint32(at + 16, directoryAt, true);
  return out;
}

/** The fields that local and central headers share, from "version needed" on: stored, no flags. */
function commonHeader(view: DataView, at: number, sum: number, size: number, nameLength: number): void {
  view.setUint16(at, 20, true);
  view.setUint16(at + 8, DOS_DATE, true);
  view.setUint32(at + 10, sum, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, nameLength, true);
}
