import { isGaitwayError } from '@gaitway/motion/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samePadding } from '../../src/models/convolution-converters.ts';
import { readDetectorModel, readLandmarkModel } from '../../src/models/model-files.ts';
import { parseTflite } from '../../src/models/tflite.ts';
import { densify, halfToFloat } from '../../src/models/tflite-constants.ts';

describe('parseTflite', () => {
  it('reads the shapes that the networks are documented with', async () => {
    const model = parseTflite((await readLandmarkModel('fast')).bytes);
    expect(model.inputs.map((i) => model.tensors[i].shape)).toEqual([[1, 256, 256, 3]]);
    expect(model.outputs.map((i) => model.tensors[i].shape)).toEqual([
      [1, 195],
      [1, 1],
      [1, 256, 256, 1],
      [1, 64, 64, 39],
      [1, 117],
    ]);
  });

  it('answers damaged files with model_missing and nothing else', async () => {
    const { bytes } = await readDetectorModel();
    const parse = (damaged: Uint8Array): void => {
      try {
        parseTflite(damaged);
      } catch (error) {
        expect(isGaitwayError(error) && error.code).toBe('model_missing');
      }
    };
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), (at, value, cut) => {
        const damaged = cut ? bytes.slice(0, at) : Uint8Array.from(bytes);
        if (!cut) damaged.fill(value, at, at + 64);
        parse(damaged);
      }),
      { numRuns: 60, seed: 3 },
    );
    expect(() => parseTflite(new Uint8Array(0))).toThrow();
    expect(() => parseTflite(new TextEncoder().encode('version https://git-lfs.example'))).toThrow();
  });
});

describe('constants', () => {
  it('reads every kind of half float', () => {
    const cases: [number, number][] = [
      [0x0000, 0],
      [0x3c00, 1],
      [0xc000, -2],
      [0x3555, 0.333251953125],
      [0x7bff, 65504],
      [0x0001, 2 ** -24],
      [0x0400, 2 ** -14],
      [0x7c00, Number.POSITIVE_INFINITY],
    ];
    for (const [bits, value] of cases) expect(halfToFloat(bits)).toBe(value);
    expect(halfToFloat(0x7e00)).toBeNaN();
  });

  const dense = (size: number) => ({ sparse: false, denseSize: size, segments: [], indices: [] });

  it('expands compressed rows', () => {
    const levels = [dense(3), { sparse: true, denseSize: 0, segments: [0, 2, 2, 3], indices: [0, 3, 1] }];
    const out = densify(new Float32Array([1, 2, 3]), [3, 4], { traversalOrder: [0, 1], blockMap: [], levels });
    expect(Array.from(out)).toEqual([1, 0, 0, 2, 0, 0, 0, 0, 0, 3, 0, 0]);
  });

  it('expands blocks', () => {
    // A 4 × 2 matrix of 2 × 1 blocks: rows of blocks dense, columns compressed, the block's rows last.
    const levels = [dense(2), { sparse: true, denseSize: 0, segments: [0, 1, 2], indices: [1, 0] }, dense(2)];
    const out = densify(new Float32Array([1, 2, 3, 4]), [4, 2], { traversalOrder: [0, 1, 2], blockMap: [0], levels });
    expect(Array.from(out)).toEqual([0, 1, 0, 2, 3, 0, 4, 0]);
  });

  it('refuses levels that lie about their size instead of looping', () => {
    const levels = [dense(1000), dense(1000), dense(0)];
    const sparsity = { traversalOrder: [0, 1, 2], blockMap: [], levels };
    expect(() => densify(new Float32Array(1), [10, 10, 10], sparsity)).toThrow();
  });
});

describe('samePadding', () => {
  it('yields ceil(input / stride) outputs with the odd pixel at the end', () => {
    const size = fc.integer({ min: 1, max: 300 });
    const small = fc.integer({ min: 1, max: 7 });
    fc.assert(
      fc.property(size, small, small, fc.integer({ min: 1, max: 3 }), (input, kernel, stride, dilation) => {
        const [before, after] = samePadding(input, kernel, stride, dilation);
        const reach = (kernel - 1) * dilation + 1;
        expect(Math.floor((input + before + after - reach) / stride) + 1).toBe(Math.ceil(input / stride));
        expect(after - before).toBeGreaterThanOrEqual(0);
        expect(after - before).toBeLessThanOrEqual(1);
      }),
    );
  });
});
