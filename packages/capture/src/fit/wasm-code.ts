/**
 * A small assembler of WebAssembly, for kernels that need two numbers in one instruction, which JavaScript cannot say. An expression
 * is the bytes that leave its value on the stack, so that nesting calls here nests expressions there. A kernel is so ordinary
 * TypeScript: no compiler to install, no build step, no binary in the repository. Only the instructions that are used are here
 * (WebAssembly Core Specification 2.0, chapter 5, "Binary format").
 */
export type Code = readonly number[];

/** Numbers in LEB128, seven bits a byte. */
export function unsigned(value: number): Code {
  const rest = value >>> 7;
  return rest === 0 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...unsigned(rest)];
}

export function signed(value: number): Code {
  const [low, rest] = [value & 0x7f, value >> 7];
  const isLast = rest === (low & 0x40 ? -1 : 0);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}

export const code = (...parts: readonly Code[]): Code => parts.flat();

const binary =
  (...opcode: readonly number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];

const unary =
  (...opcode: readonly number[]) =>
  (a: Code): Code => [...a, ...opcode];

/** Addresses are taken to be aligned to four or eight bytes; a hint, not a promise. */
const ALIGNED_TO_FOUR = 2;
const ALIGNED_TO_EIGHT = 3;
/** Reads at `address + offset` bytes. */
const loadingFrom =
  (alignment: number, ...opcode: readonly number[]) =>
  (address: Code, offset = 0): Code => [...address, ...opcode, alignment, ...unsigned(offset)];
const loading = (...opcode: readonly number[]) => loadingFrom(ALIGNED_TO_EIGHT, ...opcode);
/** Writes `value` at `address + offset` bytes. */
const storing =
  (...opcode: readonly number[]) =>
  (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...opcode, ALIGNED_TO_EIGHT, ...unsigned(offset)];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  /** Signed comparison: 1 or 0. */
  lessThan: binary(0x48),
};

export const f64 = {
  load: loading(0x2b),
  store: storing(0x39),
  sqrt: unary(0x9f),
  add: binary(0xa0),
  sub: binary(0xa1),
  mul: binary(0xa2),
  div: binary(0xa3),
  greaterThan: binary(0x64),
  fromInteger: unary(0xb7),
  zero: [0x44, 0, 0, 0, 0, 0, 0, 0, 0] as Code,
  one: [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f] as Code,
};

const SIMD = 0xfd;
const LOW_BYTES = [0, 1, 2, 3, 4, 5, 6, 7];
const HIGH_BYTES = LOW_BYTES.map((byte) => byte + 8);
const SECOND = 16;

/** Two double-precision numbers, called low and high. */
export const f64x2 = {
  load: loading(SIMD, 0x00),
  /** Reads one number and gives it twice. */
  loadTwice: loading(SIMD, 0x0a),
  store: storing(SIMD, 0x0b),
  add: binary(SIMD, ...unsigned(0xf0)),
  sub: binary(SIMD, ...unsigned(0xf1)),
  mul: binary(SIMD, ...unsigned(0xf2)),
  div: binary(SIMD, ...unsigned(0xf3)),
  /** (low of a, low of b); of other vectors, their halves. */
  lows: binary(SIMD, 0x0d, ...LOW_BYTES, ...LOW_BYTES.map((byte) => byte + SECOND)),
  /** (high of a, high of b). */
  highs: binary(SIMD, 0x0d, ...HIGH_BYTES, ...HIGH_BYTES.map((byte) => byte + SECOND)),
  /** One of the two as a number by itself. */
  low: unary(SIMD, 0x21, 0),
  high: unary(SIMD, 0x21, 1),
  zero: [SIMD, 0x0c, ...new Array<number>(16).fill(0)] as Code,
  const: (low: number, high: number): Code => [SIMD, 0x0c, ...new Uint8Array(Float64Array.of(low, high).buffer)],
  /** One number twice. */
  splat: unary(SIMD, 0x14),
  /** The smaller and the larger of a and b; a if they are equal. */
  min: binary(SIMD, ...unsigned(0xf6)),
  max: binary(SIMD, ...unsigned(0xf7)),
  /** Of the first two of four integers. */
  fromFirst: unary(SIMD, ...unsigned(0xfe)),
};

/** Four 32-bit integers. */
export const i32x4 = {
  const: (...four: readonly [number, number, number, number]): Code => [SIMD, 0x0c, ...new Uint8Array(Int32Array.from(four).buffer)],
  splat: unary(SIMD, 0x11),
  /** One of them by itself. */
  at: (vector: Code, index: number): Code => [...vector, SIMD, 0x1b, index],
  add: binary(SIMD, ...unsigned(0xae)),
  sub: binary(SIMD, ...unsigned(0xb1)),
  mul: binary(SIMD, ...unsigned(0xb5)),
  and: binary(SIMD, 0x4e),
  /** By so many bits, given as an i32; to the right with the sign. */
  shiftLeft: binary(SIMD, ...unsigned(0xab)),
  shiftRight: binary(SIMD, ...unsigned(0xac)),
  /** Two real numbers without their fractions, then two zeros. */
  truncated: unary(SIMD, ...unsigned(0xfc)),
};

/** Eight 16-bit integers. */
export const i16x8 = {
  /** `vector` with the one at `index` read anew, from an address of any alignment. */
  withLoaded: (vector: Code, index: number, address: Code, offset = 0): Code =>
    code(address, vector, [SIMD, 0x55, 0, ...unsigned(offset), index]),
  /** The first, or the last, eight bytes of a vector, without sign. */
  fromFirstBytes: unary(SIMD, ...unsigned(0x89)),
  fromLastBytes: unary(SIMD, ...unsigned(0x8a)),
  /** Sums of the products of neighbours: four 32-bit integers. */
  pairProducts: binary(SIMD, ...unsigned(0xba)),
};

/** Four single-precision numbers. */
export const f32x4 = {
  load: loading(SIMD, 0x00),
  /** Reads one number and gives it four times. */
  loadFour: loadingFrom(ALIGNED_TO_FOUR, SIMD, 0x09),
  store: storing(SIMD, 0x0b),
  /** One number four times. */
  splat: unary(SIMD, 0x13),
  add: binary(SIMD, ...unsigned(0xe4)),
  mul: binary(SIMD, ...unsigned(0xe6)),
  max: binary(SIMD, ...unsigned(0xe9)),
  /** Two double-precision numbers, rounded, then two zeros. */
  rounded: unary(SIMD, 0x5e),
};

const VALUE_TYPES = { i32: 0x7f, f32: 0x7d, f64: 0x7c, f64x2: 0x7b, f32x4: 0x7b, i32x4: 0x7b, i16x8: 0x7b } as const;
export type ValueType = keyof typeof VALUE_TYPES;

/** A local variable of a function. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

const localAt = (index: number): Local => ({
  get: [0x20, ...unsigned(index)],
  set: (value) => [...value, 0x21, ...unsigned(index)],
});

export const add = (local: Local, value: Code): Code => local.set(i32.add(local.get, value));

/** Runs `body`, then again as long as `condition` holds. */
export const doWhile = (body: Code, condition: Code): Code => [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b];
export const when = (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b];
/** Runs `body` as long as `condition` holds, which is asked first. */
export const whileTrue = (condition: Code, body: Code): Code => when(condition, doWhile(body, condition));
export const leave = (value: Code): Code => [...value, 0x0f];

/** Declares the locals of a function while its body is written. */
export class Locals {
  readonly #types: ValueType[] = [];
  readonly #before: number;

  /** @param before how many parameters come first */
  constructor(before: number) {
    this.#before = before;
  }

  declare(type: ValueType): Local {
    this.#types.push(type);
    return localAt(this.#before + this.#types.length - 1);
  }

  encode(): Code {
    return vector(this.#types.map((type) => [1, VALUE_TYPES[type]]));
  }
}

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  /** Type of the value that the body leaves, if any. */
  readonly result?: ValueType;
  body(parameters: readonly Local[], locals: Locals): Code;
}

const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
const text = (value: string): Code => vector([...new TextEncoder().encode(value)].map((byte) => [byte]));

/** The binary of a module with one function, which works on the memory that it imports as `env.memory`. */
export function moduleBytes({ name, parameters, result, body }: WasmFunction): Uint8Array<ArrayBuffer> {
  const locals = new Locals(parameters.length);
  const instructions = body(
    parameters.map((_, index) => localAt(index)),
    locals,
  );
  const content = [...locals.encode(), ...instructions, 0x0b];
  const types = (list: readonly ValueType[]): Code => vector(list.map((type) => [VALUE_TYPES[type]]));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([[0x60, ...types(parameters), ...types(result ? [result] : [])]])),
    ...section(2, vector([[...text('env'), ...text('memory'), 0x02, 0x00, 1]])),
    ...section(3, vector([[0]])),
    ...section(7, vector([[...text(name), 0x00, 0]])),
    ...section(10, vector([[...unsigned(content.length), ...content]])),
  ]);
}
