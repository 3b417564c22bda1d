import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Code, Local, Locals, ValueType } from '../../src/fit/wasm-code.ts';
import {
  add,
  code,
  doWhile,
  f32x4,
  f64,
  f64x2,
  i16x8,
  i32,
  i32x4,
  leave,
  moduleBytes,
  signed,
  unsigned,
  when,
  whileTrue,
} from '../../src/fit/wasm-code.ts';
import type { WasmInstance } from '../../src/fit/wasm-instance.ts';
import { compileModule, instantiate } from '../../src/fit/wasm-instance.ts';

type Body = (parameters: readonly Local[], locals: Locals) => Code;

function built(parameters: readonly ValueType[], body: Body, bytes = 64): WasmInstance {
  return instantiate(compileModule(moduleBytes({ name: 'run', parameters, result: 'i32', body })), 'run', bytes);
}

const run = (body: Body, ...numbers: number[]): number =>
  built(
    numbers.map(() => 'i32' as const),
    body,
  ).call(...numbers);

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const finite = fc.double({ noNaN: true, min: -1e9, max: 1e9 });

/** Decodes LEB128 as the specification defines it. */
const decoded = (bytes: Code): number => bytes.reduce((sum, byte, i) => sum + (byte & 0x7f) * 2 ** (7 * i), 0);

describe('numbers', () => {
  it('without sign read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (value) => {
        const bytes = unsigned(value);
        expect(decoded(bytes)).toBe(value);
        expect(bytes.map((byte) => byte > 0x7f)).toEqual(bytes.map((_, i) => i + 1 < bytes.length));
      }),
    );
  });

  it('with sign read back', () => {
    fc.assert(
      fc.property(int32, (value) => {
        const bytes = signed(value);
        const isNegative = bytes[bytes.length - 1] & 0x40;
        expect(decoded(bytes) - (isNegative ? 2 ** (7 * bytes.length) : 0)).toBe(value);
      }),
    );
  });

  it('come out of a module as they went in', () => {
    for (const value of [0, 1, -1, 63, 64, -64, -65, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)]) expect(run(() => i32.const(value))).toBe(value);
  });
});

describe('integers', () => {
  it.each([
    ['add', (a: number, b: number) => (a + b) | 0],
    ['sub', (a: number, b: number) => (a - b) | 0],
    ['mul', Math.imul],
    ['lessThan', (a: number, b: number) => (a < b ? 1 : 0)],
  ] as const)('%s', (name, expected) => {
    fc.assert(
      fc.property(int32, int32, (a, b) => {
        expect(run(([x, y]) => i32[name](x.get, y.get), a, b)).toBe(expected(a, b));
      }),
      { numRuns: 30 },
    );
  });
});

describe('control', () => {
  /** Sum of 1 … n by the loop that is given. */
  const summing =
    (loop: (n: Local, sum: Local) => Code): Body =>
    ([n], locals) => {
      const sum = locals.declare('i32');
      return code(loop(n, sum), sum.get);
    };
  const step = (n: Local, sum: Local): Code => code(add(sum, n.get), add(n, i32.const(-1)));

  it('a loop that asks first may not run at all', () => {
    const body = summing((n, sum) => whileTrue(i32.lessThan(i32.const(0), n.get), step(n, sum)));
    expect([0, 1, 2, 100].map((n) => run(body, n))).toEqual([0, 1, 3, 5050]);
  });

  it('a loop that asks afterwards runs once at least', () => {
    const body = summing((n, sum) => doWhile(step(n, sum), i32.lessThan(i32.const(0), n.get)));
    expect([-5, 1, 3].map((n) => run(body, n))).toEqual([-5, 1, 6]);
  });

  it('leaves from within', () => {
    const body: Body = ([n]) => code(when(i32.lessThan(n.get, i32.const(10)), leave(i32.const(7))), n.get);
    expect([9, 10].map((n) => run(body, n))).toEqual([7, 10]);
  });
});

describe('numbers in memory', () => {
  /** Runs `body` on four numbers at 0, 8, 16, 24 and returns the two at 32. */
  function onNumbers(given: readonly number[], body: Code): number[] {
    const { memory, call } = built([], () => code(body, i32.const(0)));
    const numbers = new Float64Array(memory);
    numbers.set(given);
    call();
    return [...numbers.subarray(4, 6)];
  }
  const four = fc.tuple(finite, finite, finite, finite);
  const start = i32.const(0);

  it.each([
    ['add', (a: number, b: number) => a + b],
    ['sub', (a: number, b: number) => a - b],
    ['mul', (a: number, b: number) => a * b],
    ['div', (a: number, b: number) => a / b],
  ] as const)('pairs: %s', (name, expected) => {
    const body = f64x2.store(start, f64x2[name](f64x2.load(start), f64x2.load(start, 16)), 32);
    fc.assert(
      fc.property(four, ([a, b, c, d]) => {
        expect(onNumbers([a, b, c, d], body)).toEqual([expected(a, c), expected(b, d)]);
      }),
      { numRuns: 30 },
    );
  });

  it('pairs: take one number of each, or the same twice', () => {
    const [left, right] = [f64x2.load(start), f64x2.load(start, 16)];
    const stored = (value: Code): number[] => onNumbers([1, 2, 3, 4], f64x2.store(start, value, 32));
    expect(stored(f64x2.lows(left, right))).toEqual([1, 3]);
    expect(stored(f64x2.highs(left, right))).toEqual([2, 4]);
    expect(stored(f64x2.loadTwice(start, 8))).toEqual([2, 2]);
    expect(stored(f64x2.zero)).toEqual([0, 0]);
  });

  it.each([
    ['add', (a: number, b: number) => a + b],
    ['sub', (a: number, b: number) => a - b],
    ['mul', (a: number, b: number) => a * b],
    ['div', (a: number, b: number) => a / b],
  ] as const)('single: %s', (name, expected) => {
    const body = f64.store(start, f64[name](f64.load(start), f64.load(start, 24)), 40);
    expect(onNumbers([7, 0, 0, -3], body)).toEqual([0, expected(7, -3)]);
  });

  it('pairs: come apart', () => {
    const pair = f64x2.load(start, 8);
    const body = code(f64.store(start, f64x2.low(pair), 40), f64.store(start, f64x2.high(pair), 32));
    expect(onNumbers([1, 2, 3, 4], body)).toEqual([3, 2]);
  });

  it.each([
    ['add', (a: number, b: number) => Math.fround(a + b)],
    ['mul', (a: number, b: number) => Math.fround(a * b)],
    ['max', Math.max],
  ] as const)('four at once: %s', (name, expected) => {
    const { memory, call } = instantiate(
      compileModule(
        moduleBytes({
          name: 'run',
          parameters: ['f32'],
          body: ([x]) => f32x4.store(start, f32x4[name](f32x4[name](f32x4.load(start), f32x4.loadFour(start, 20)), f32x4.splat(x.get)), 32),
        }),
      ),
      'run',
      64,
    );
    const numbers = new Float32Array(memory);
    numbers.set([1.5, -2.1, 3, 1e-9, 9, 2.7]);
    call(0.3);
    const [other, last] = [2.7, 0.3].map(Math.fround);
    expect([...numbers.subarray(8, 12)]).toEqual([...numbers.subarray(0, 4)].map((v) => expected(expected(v, other), last)));
  });

  it('single: root and comparison', () => {
    expect(onNumbers([2, 0, 0, 0], f64.store(start, f64.sqrt(f64.load(start)), 32))).toEqual([Math.SQRT2, 0]);
    expect(run(() => f64.greaterThan(f64.zero, f64.zero))).toBe(0);
  });
});

describe('four integers', () => {
  const start = i32.const(0);
  const [a, b] = [f64x2.load(start), f64x2.load(start, 16)];
  /** Runs `body` on eight integers at 0 and returns the four at 32. */
  function onIntegers(given: readonly number[], value: Code): number[] {
    const { memory, call } = built([], () => code(f64x2.store(start, value, 32), i32.const(0)));
    new Int32Array(memory).set(given);
    call();
    return [...new Int32Array(memory, 32, 4)];
  }
  const eight = fc.array(int32, { minLength: 8, maxLength: 8 });

  it.each([
    ['add', i32x4.add(a, b), (x: number, y: number) => (x + y) | 0],
    ['sub', i32x4.sub(a, b), (x: number, y: number) => (x - y) | 0],
    ['mul', i32x4.mul(a, b), Math.imul],
    ['and', i32x4.and(a, b), (x: number, y: number) => x & y],
    ['shiftLeft', i32x4.shiftLeft(a, i32.const(11)), (x: number) => x << 11],
    ['shiftRight', i32x4.shiftRight(a, i32.const(11)), (x: number) => x >> 11],
    ['splat', i32x4.splat(i32.const(-5)), () => -5],
    ['at', i32x4.splat(i32x4.at(b, 2)), (_x: number, _y: number, all: readonly number[]) => all[6]],
    ['pairs of 16 bits', i16x8.pairProducts(a, b), (x: number, y: number) => ((x << 16) >> 16) * ((y << 16) >> 16) + (x >> 16) * (y >> 16)],
  ] as const)('%s', (_name, value, expected) => {
    fc.assert(
      fc.property(eight, (all) => {
        expect(onIntegers(all, value)).toEqual([0, 1, 2, 3].map((k) => expected(all[k], all[k + 4], all) | 0));
      }),
      { numRuns: 30 },
    );
  });

  it('are constants, or bytes that become wider', () => {
    expect(onIntegers([], i32x4.const(1, -2, 3, -4))).toEqual([1, -2, 3, -4]);
    expect(onIntegers([0x04030201, 0x08070605, -1, 0x0c0b0a09], i16x8.fromFirstBytes(a))).toEqual([0x20001, 0x40003, 0x60005, 0x80007]);
    expect(onIntegers([0, 0, -1, 0x0c0b0a09], i16x8.fromLastBytes(a))).toEqual([0xff00ff, 0xff00ff, 0xa0009, 0xc000b]);
  });

  it('take up 16 bits from any address', () => {
    expect(onIntegers([0x44332211], i16x8.withLoaded(f64x2.zero, 3, i32.const(1)))).toEqual([0, 0x33220000, 0, 0]);
  });

  it('come from real numbers, and become such', () => {
    const onReals = (given: readonly number[], value: Code): Float64Array => {
      const { memory, call } = built([], () => code(f64x2.store(start, value, 32), i32.const(0)));
      new Float64Array(memory).set(given);
      call();
      return new Float64Array(memory, 32, 2);
    };
    expect([...new Int32Array(onReals([-7.9, 8.9], i32x4.truncated(a)).slice().buffer)]).toEqual([-7, 8, 0, 0]);
    expect([...onReals([], f64x2.fromFirst(i32x4.const(-3, 4, 9, 9)))]).toEqual([-3, 4]);
    expect([...new Float32Array(onReals([0.1, -0.2], f32x4.rounded(a)).slice().buffer)]).toEqual([0.1, -0.2, 0, 0].map(Math.fround));
    expect([...onReals([], f64x2.splat(f64.fromInteger(i32.const(-6))))]).toEqual([-6, -6]);
    expect([...onReals([1, -2, -3, 4], f64x2.min(a, b))]).toEqual([-3, -2]);
    expect([...onReals([1, -2, -3, 4], f64x2.max(a, b))]).toEqual([1, 4]);
    expect([...onReals([], f64x2.const(0.5, -1.5))]).toEqual([0.5, -1.5]);
  });
});
