import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LANDMARKS } from '../../src/landmarks.ts';
import { BODY_POINTS } from '../../src/lift/body-points.ts';
import { BLOCK_ROWS, LiftInference } from '../../src/lift/inference.ts';
import { parseLiftNetwork, readLiftNetwork } from '../../src/lift/network-file.ts';
import { PersonView } from '../../src/lift/person-view.ts';
import { halfToFloat } from '../../src/models/tflite-constants.ts';
import { normals } from '../solve/synthetic.ts';
import { otherSide, walk } from './landmark-fixture.ts';

const FILE = new URL('../../assets/body-points-balanced.bin', import.meta.url);
const network = readLiftNetwork('balanced');

/** Order and signs of rows of `width` values, the first of them x if `hasX`, in a mirror. */
function mirrored(values: Float32Array, start: number, names: readonly string[], width: number, hasX: boolean): number[] {
  return names.flatMap((name) => {
    const at = start + names.indexOf(otherSide(name)) * width;
    return Array.from({ length: width }, (_, k) => (hasX && k === 0 ? -1 : 1) * values[at + k]);
  });
}

function mirrorInput(input: Float32Array): Float32Array {
  const names = network.landmarks.map((i) => LANDMARKS[i]);
  const n = names.length;
  const out = [...mirrored(input, 0, names, 3, true), ...mirrored(input, 3 * n, names, 2, true)];
  out.push(...mirrored(input, 5 * n, names, 1, false), input[6 * n]);
  for (let t = 0; t < network.offsetsSec.length; t++) {
    const start = network.nowInputs + t * 5 * n;
    out.push(...mirrored(input, start, names, 3, true), ...mirrored(input, start + 3 * n, names, 2, true));
  }
  return Float32Array.from(out);
}

function mirrorOutput(output: Float32Array): number[] {
  const n = BODY_POINTS.length;
  const logs = [5, 6, 7].flatMap((row) => mirrored(output, row * n, BODY_POINTS, 1, false));
  return [...mirrored(output, 0, BODY_POINTS, 3, true), ...mirrored(output, 3 * n, BODY_POINTS, 2, true), ...logs];
}

function inferred(inputs: readonly Float32Array[]): Float32Array[] {
  const inference = new LiftInference(network);
  inputs.forEach((input, row) => {
    inference.put(row, input);
  });
  inference.run(inputs.length);
  return inputs.map((_, row) => {
    const output = new Float32Array(network.outputs);
    inference.output(output, row);
    return output;
  });
}

describe('inference', () => {
  it('treats left and right alike, to the bit', () => {
    const next = normals(5);
    const input = Float32Array.from({ length: network.inputs }, next);
    const [plain, mirrored] = inferred([input, mirrorInput(input)]);
    expect([...mirrored]).toEqual(mirrorOutput(plain));
  });

  it('is what the layers say, written out plainly', () => {
    const next = normals(6);
    const inputs = Array.from({ length: 6 }, () => Float32Array.from({ length: network.inputs }, () => 0.3 * next()));
    const dense = (x: readonly number[], w: Float32Array, b: Float32Array | null, inputs: number): number[] =>
      Array.from({ length: w.length / inputs }, (_, r) =>
        x.slice(0, inputs).reduce((sum, v, i) => sum + v * w[r * inputs + i], b?.[r] ?? 0),
      );
    const forward = (x: readonly number[]): number[] => {
      const relu = (v: number): number => Math.max(0, v);
      const first = dense(x, network.w1, network.b1, network.inputs).map(relu);
      const second = dense(first, network.w2, network.b2, network.hidden).map(relu);
      const linear = dense(x, network.skip, null, network.nowInputs);
      return dense(second, network.w3, network.b3, network.hidden).map((v, i) => v + linear[i]);
    };
    inferred(inputs).forEach((output, row) => {
      const direct = forward([...inputs[row]]);
      const flipped = mirrorOutput(Float32Array.from(forward([...mirrorInput(inputs[row])])));
      output.forEach((value, i) => {
        expect(Math.abs(value - (direct[i] + flipped[i]) / 2)).toBeLessThan(1e-5);
      });
    });
  });

  it('gives a frame the same whatever stands beside it in the block', () => {
    const next = normals(7);
    const inputs = Array.from({ length: BLOCK_ROWS }, () => Float32Array.from({ length: network.inputs }, next));
    const together = inferred(inputs);
    for (const row of [0, 3, BLOCK_ROWS - 1]) expect(inferred([inputs[row]])[0]).toEqual(together[row]);
  });
});

describe('the weight file', () => {
  const bytes = (): Uint8Array => new Uint8Array(readFileSync(FILE));
  const refuses = (change: (file: Uint8Array) => Uint8Array): void => {
    expect(() => parseLiftNetwork(change(bytes()))).toThrowError(expect.objectContaining({ code: 'model_missing' }));
  };

  it('is small, and there is one for every quality', () => {
    expect(bytes().length).toBeLessThan(1 << 20);
    expect(readLiftNetwork('fast').sha256).toBe(network.sha256);
    const accurate = readLiftNetwork('accurate');
    expect(accurate.sha256).not.toBe(network.sha256);
    expect(accurate.inputs).toBe(network.inputs);
  });

  it('is refused when it is cut, longer, or not one', () => {
    refuses((file) => file.subarray(0, 5));
    refuses((file) => file.subarray(0, file.length - 2));
    refuses((file) => Uint8Array.from([...file, 0, 0]));
    refuses((file) => file.fill(0, 0, 4));
    refuses((file) => file.fill(255, 8, 12));
    refuses((file) => file.fill(0x7b, 12, 20));
    refuses(() => new Uint8Array(5 << 20));
  });

  it.each([
    ['"hidden":', '"hidden":9'],
    ['"landmarks":[0,7', '"landmarks":[7,7'],
    ['"offsetsSec":[-', '"offsetsSec":[9'],
    ['"l_hip"', '"l_hop"'],
  ])('is refused when its header is changed at %s', (from, to) => {
    refuses((file) => {
      const at = Buffer.from(file).indexOf(from);
      expect(at).toBeGreaterThan(0);
      file.set(Buffer.from(to), at);
      return file;
    });
  });

  it('is refused when a weight was changed, or when it is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lift-'));
    try {
      const directory = pathToFileURL(`${folder}/`);
      expect(() => readLiftNetwork('balanced', directory)).toThrowError(expect.objectContaining({ code: 'model_missing' }));
      const file = bytes();
      file[file.length - 1] ^= 1;
      writeFileSync(join(folder, 'body-points-balanced.bin'), file);
      expect(() => readLiftNetwork('balanced', directory)).toThrowError(expect.objectContaining({ code: 'model_missing' }));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('holds half precision numbers', () => {
    const known: [number, number][] = [
      [0x3c00, 1],
      [0xc000, -2],
      [0x7bff, 65504],
      [0x0001, 2 ** -24],
      [0x3555, 0.333251953125],
      [0xfc00, Number.NEGATIVE_INFINITY],
    ];
    for (const [bits, value] of known) expect(halfToFloat(bits)).toBe(value);
    expect(halfToFloat(0x7e00)).toBeNaN();
  });
});

describe('the view of a person', () => {
  it('brings pixels to the body and back', () => {
    const landmarks = walk();
    const view = new PersonView(landmarks.widthPx, landmarks.heightPx, 900, network.landmarks);
    view.aim(landmarks.imagePx, landmarks.worldM, 4);
    const body = new Float32Array(2);
    const back = new Float64Array(2);
    for (const [x, y] of [
      [640, 360],
      [10, 700],
      [1200, 20],
    ]) {
      view.toBody(body, 0, x, y);
      view.toPixel(back, 0, body[0], body[1]);
      expect(back[0]).toBeCloseTo(x, 2);
      expect(back[1]).toBeCloseTo(y, 2);
    }
  });
});
