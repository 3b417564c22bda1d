import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DETECTOR_SIDE_PX } from '../../src/models/anchors.ts';
import { DETECTOR_OUTPUTS } from '../../src/models/detector.ts';
import { LANDMARKER_OUTPUTS } from '../../src/models/landmarker.ts';
import { type ModelFile, readDetectorModel, readLandmarkModel } from '../../src/models/model-files.ts';
import type { NetworkShape } from '../../src/models/onnx-session.ts';
import { openNetwork } from '../../src/models/session.ts';
import { parseTflite } from '../../src/models/tflite.ts';
import { compileReference, runReference } from './lite-rt.ts';

const cacheDir = join(tmpdir(), 'gaitway-test-models');

/** Deterministic noise in 0..1 (a linear congruential generator). */
const noise = (length: number, seed: number): Float32Array => {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
};

/** `side × side × 3` → `3 × side × side`. */
const toPlanes = (image: Float32Array): Float32Array => {
  const plane = image.length / 3;
  return Float32Array.from({ length: image.length }, (_, i) => image[(i % plane) * 3 + Math.floor(i / plane)]);
};

const largestDifference = (a: Float32Array, b: Float32Array): number => {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
};

/** Runs the same noise through our conversion and through the official runtime; outputs by name, ours and theirs. */
const runBoth = async (file: ModelFile, shape: NetworkShape, seed: number): Promise<Map<string, [Float32Array, Float32Array]>> => {
  const image = noise(3 * shape.inputSidePx ** 2, seed);
  const network = await openNetwork(file, shape, { cacheDir });
  network.input.set(toPlanes(image));
  await network.run();
  const ours = Object.keys(shape.outputs).map((name) => Float32Array.from(network.output(name)));
  await network.release();
  const model = await compileReference(file.bytes);
  const theirs = await runReference(model, image, shape.inputSidePx);
  model.delete();
  const parsed = parseTflite(file.bytes);
  const names = parsed.outputs.map((index) => parsed.tensors[index].name);
  return new Map(Object.keys(shape.outputs).map((name, i) => [name, [ours[i], theirs[names.indexOf(name)]]]));
};

describe('the converted networks answer as the official runtime does', () => {
  it('landmark network', async () => {
    const answers = await runBoth(await readLandmarkModel('fast'), { inputSidePx: 256, outputs: LANDMARKER_OUTPUTS }, 7);
    const difference = (name: string): number => largestDifference(...(answers.get(name) as [Float32Array, Float32Array]));
    expect(difference('Identity')).toBeLessThan(0.05);
    expect(difference('Identity_1')).toBeLessThan(1e-4);
    expect(difference('Identity_4')).toBeLessThan(1e-4);
    const [ours, theirs] = answers.get('Identity_3') as [Float32Array, Float32Array];
    const pixels = 64 * 64;
    const channelsLast = ours.map((_, i) => ours[(i % 39) * pixels + Math.floor(i / 39)]);
    expect(largestDifference(channelsLast, theirs)).toBeLessThan(0.01);
  });

  it('detector, whose weights are sparse', async () => {
    const shape = { inputSidePx: DETECTOR_SIDE_PX, outputs: DETECTOR_OUTPUTS };
    const answers = await runBoth(await readDetectorModel(), shape, 11);
    for (const [ours, theirs] of answers.values()) expect(largestDifference(ours, theirs)).toBeLessThan(0.05);
  });
});
