import { describe, expect, it } from 'vitest';
import { filledTo, type Matrix, packLayer } from '../../src/lift/dense-layer.ts';
import { KernelMemory } from '../../src/lift/kernel-memory.ts';
import { addHalf, foldColumns, foldRows, mirrorHalves, takeHalf } from '../../src/lift/mirror-halves.ts';
import { normals } from '../solve/synthetic.ts';

const random = (rows: number, columns: number, seed: number): Matrix => {
  const next = normals(seed);
  return { rows, columns, values: Float32Array.from({ length: rows * columns }, next) };
};

const times = ({ rows, columns, values }: Matrix, x: ArrayLike<number>): number[] =>
  Array.from({ length: rows }, (_, r) => {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += values[r * columns + c] * x[c];
    return sum;
  });

describe('the kernel of a layer', () => {
  it.each([
    [1, 1],
    [8, 4],
    [13, 7],
    [30, 21],
  ])('multiplies and adds the biases: %d outputs of %d inputs', (outputs, inputs) => {
    const weights = random(outputs, inputs, outputs);
    const bias = random(1, outputs, 3).values;
    const packed = packLayer([weights], bias);
    const count = 8;
    const memory = new KernelMemory(packed.values.length + count * (packed.inputs + packed.outputs + 12));
    const layer = memory.layer(packed);
    // Rows are longer than the layer, which begins within them.
    const input = memory.rows(count, packed.inputs + 4);
    const output = memory.rows(count, packed.outputs + 8);
    const given = random(count, inputs, 5);
    for (let r = 0; r < count; r++) input.values.set(given.values.subarray(r * inputs, (r + 1) * inputs), r * input.stride + 4);
    memory.run(layer, { rows: input, from: 4 }, { rows: output, from: 8 }, count, 0);
    for (let r = 0; r < count; r++) {
      const expected = times(weights, given.values.subarray(r * inputs, (r + 1) * inputs)).map((v, i) => Math.max(0, v + bias[i]));
      const row = output.values.subarray(r * output.stride, (r + 1) * output.stride);
      expect([...row.subarray(0, 8)]).toEqual(new Array<number>(8).fill(0));
      expected.forEach((v, i) => {
        expect(row[8 + i]).toBeCloseTo(v, 5);
      });
    }
  });

  it('puts matrices side by side, each filled up with zeros', () => {
    const { inputs, outputs, values } = packLayer([random(2, 3, 1), random(2, 5, 2)], null);
    expect([inputs, outputs, values.length]).toEqual([filledTo(3, 4) + filledTo(5, 4), 8, 13 * 8]);
    expect([0, 1, 2, 3, 4, 5, 9, 10].map((row) => values[row * 8] !== 0)).toEqual([false, true, true, true, false, true, true, false]);
  });
});

describe('the halves of a mirror', () => {
  // Two and zero change places and signs, one turns round, three stays.
  const map = { from: Int32Array.of(2, 1, 0, 3), sign: Float32Array.of(-1, -1, -1, 1) };
  const halves = mirrorHalves(map);
  const image = (x: Float32Array): Float32Array => Float32Array.from(x, (_, i) => map.sign[i] * x[map.from[i]]);
  const half = (x: Float32Array, of: 'same' | 'turned'): Float32Array => {
    const out = new Float32Array(halves[of].first.length);
    takeHalf(out, 0, x, halves[of]);
    return out;
  };

  it('make up the vector, and with one of them turned round its image', () => {
    const x = Float32Array.of(3, 5, 8, -2);
    const whole = new Float32Array(4);
    addHalf(whole, half(x, 'same'), 0, halves.same);
    addHalf(whole, half(x, 'turned'), 0, halves.turned);
    expect(whole).toEqual(x);
    expect(half(image(x), 'same')).toEqual(half(x, 'same'));
    expect(half(image(x), 'turned')).toEqual(half(x, 'turned').map((v) => -v));
  });

  it('go through folded matrices as the vector goes through the whole ones', () => {
    const matrix = random(4, 4, 9);
    const x = Float32Array.of(3, 5, 8, -2);
    const parts = (['same', 'turned'] as const).map((of) => times(foldColumns(matrix, halves[of]), half(x, of)));
    times(matrix, x).forEach((v, i) => {
      expect(parts[0][i] + parts[1][i]).toBeCloseTo(v, 4);
    });
    times(matrix, image(x)).forEach((v, i) => {
      expect(parts[0][i] - parts[1][i]).toBeCloseTo(v, 4);
    });
    const out = Float32Array.from(times(matrix, x));
    for (const of of ['same', 'turned'] as const) {
      times(foldRows(matrix, halves[of]), x).forEach((v, n) => {
        expect(v).toBeCloseTo(half(out, of)[n], 4);
      });
    }
  });
});
