import { GaitwayError } from '@gaitway/motion/errors';

/** Thrown for bytes that are not what their format promises; carries the detail for logs only. */
export const damagedModel = (detail: string, cause?: unknown): GaitwayError =>
  new GaitwayError('model_missing', { message: 'A model file is damaged; reinstall the dependencies.', cause: cause ?? new Error(detail) });

/** A file with its view; every read is checked against the end of the file. */
class FlatFile {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Throws unless `length` bytes at `position` lie inside the file. */
  require(position: number, length: number): void {
    if (position < 0 || position + length > this.bytes.length) throw damagedModel(`flatbuffer: ${length} bytes at ${position}`);
  }

  uint16(position: number): number {
    this.require(position, 2);
    return this.view.getUint16(position, true);
  }

  int32(position: number): number {
    this.require(position, 4);
    return this.view.getInt32(position, true);
  }

  uint32(position: number): number {
    this.require(position, 4);
    return this.view.getUint32(position, true);
  }

  /** Follows the unsigned offset stored at `position`. */
  follow(position: number): number {
    return position + this.uint32(position);
  }
}

/**
 * One table of a FlatBuffers file: fields are addressed by their index in the schema, absent ones give the default.
 * Reads only what is asked for and never outside the file. Format: https://flatbuffers.dev/internals/
 */
export class FlatTable {
  readonly #file: FlatFile;
  readonly #position: number;
  readonly #fields: number;
  readonly #fieldsEnd: number;

  constructor(file: FlatFile, position: number) {
    this.#file = file;
    this.#position = position;
    this.#fields = position - file.int32(position);
    this.#fieldsEnd = this.#fields + file.uint16(this.#fields);
  }

  /** Position of a field's value, or -1 where the field is absent. */
  #at(field: number): number {
    const slot = this.#fields + 4 + field * 2;
    if (slot + 2 > this.#fieldsEnd) return -1;
    const offset = this.#file.uint16(slot);
    return offset === 0 ? -1 : this.#position + offset;
  }

  /** Start and length of a vector field whose elements have `elementBytes` bytes; undefined where the field is absent. */
  #vector(field: number, elementBytes: number): { start: number; length: number } | undefined {
    const at = this.#at(field);
    if (at < 0) return undefined;
    const start = this.#file.follow(at);
    const length = this.#file.uint32(start);
    this.#file.require(start + 4, length * elementBytes);
    return { start: start + 4, length };
  }

  uint8(field: number, fallback = 0): number {
    const at = this.#at(field);
    if (at < 0) return fallback;
    this.#file.require(at, 1);
    return this.#file.view.getUint8(at);
  }

  int32(field: number, fallback = 0): number {
    const at = this.#at(field);
    return at < 0 ? fallback : this.#file.int32(at);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#at(field);
    return at < 0 ? undefined : new FlatTable(this.#file, this.#file.follow(at));
  }

  tables(field: number): FlatTable[] {
    const vector = this.#vector(field, 4);
    if (!vector) return [];
    return Array.from({ length: vector.length }, (_, i) => new FlatTable(this.#file, this.#file.follow(vector.start + i * 4)));
  }

  int32s(field: number): number[] {
    const vector = this.#vector(field, 4);
    if (!vector) return [];
    return Array.from({ length: vector.length }, (_, i) => this.#file.int32(vector.start + i * 4));
  }

  uint16s(field: number): number[] {
    const vector = this.#vector(field, 2);
    if (!vector) return [];
    return Array.from({ length: vector.length }, (_, i) => this.#file.uint16(vector.start + i * 2));
  }

  /** The bytes of a byte vector, not copied. */
  bytes(field: number): Uint8Array {
    const vector = this.#vector(field, 1);
    return vector ? this.#file.bytes.subarray(vector.start, vector.start + vector.length) : new Uint8Array(0);
  }

  string(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }
}

/** The root table of a file that must carry the four-character `identifier`. */
export const readFlatRoot = (bytes: Uint8Array, identifier: string): FlatTable => {
  const file = new FlatFile(bytes);
  file.require(0, 8);
  const found = String.fromCharCode(...bytes.subarray(4, 8));
  if (found !== identifier) throw damagedModel(`flatbuffer: identifier ${JSON.stringify(found)}`);
  return new FlatTable(file, file.follow(0));
};
