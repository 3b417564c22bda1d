import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOnnx } from '../../src/models/model-cache.ts';
import { type ModelFile, readDetectorModel, readLandmarkModel } from '../../src/models/model-files.ts';

const OUTPUTS = ['Identity', 'Identity_1'];
let directory: string;
let model: ModelFile;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gaitway-cache-'));
  model = await readDetectorModel();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const entries = (): Promise<string[]> => readdir(directory);

describe('loadOnnx', () => {
  it('converts once and then reads the same bytes', async () => {
    const first = await loadOnnx(model, OUTPUTS, directory);
    const [entry] = await entries();
    const stored = await readFile(join(directory, entry));
    const second = await loadOnnx(model, OUTPUTS, directory);
    expect(Buffer.from(second).equals(Buffer.from(first))).toBe(true);
    expect(Buffer.from(first).equals(stored.subarray(32))).toBe(true);
  });

  it('leaves one whole entry when two convert at once', async () => {
    const [a, b] = await Promise.all([loadOnnx(model, OUTPUTS, directory), loadOnnx(model, OUTPUTS, directory)]);
    expect(Buffer.from(a).equals(Buffer.from(b))).toBe(true);
    expect(await entries()).toHaveLength(1);
  });

  it('rebuilds an entry that was altered or cut', async () => {
    const whole = Buffer.from(await loadOnnx(model, OUTPUTS, directory));
    const path = join(directory, (await entries())[0]);
    const stored = await readFile(path);
    for (const damaged of [stored.subarray(0, stored.length / 2), Buffer.from(stored).fill(0, 5000, 6000), Buffer.alloc(0)]) {
      await writeFile(path, damaged);
      expect(Buffer.from(await loadOnnx(model, OUTPUTS, directory)).equals(whole)).toBe(true);
      expect((await readFile(path)).equals(stored)).toBe(true);
    }
  });

  it('works without a cache where none can be written', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    expect((await loadOnnx(model, OUTPUTS, join(file, 'below'))).length).toBeGreaterThan(1_000_000);
  });

  it('refuses a damaged model and stores nothing', async () => {
    const damaged = { ...model, bytes: Uint8Array.from(model.bytes).fill(0xff, 100, 2_000_000) };
    await expect(loadOnnx(damaged, OUTPUTS, directory)).rejects.toMatchObject({ code: 'model_missing' });
    await expect(loadOnnx(model, ['nothing'], directory)).rejects.toMatchObject({ code: 'model_missing' });
    expect(await entries()).toHaveLength(0);
  });
});

describe('model files', () => {
  it('missing files are model_missing', async () => {
    await expect(readLandmarkModel('balanced', directory)).rejects.toMatchObject({ code: 'model_missing' });
    await expect(readDetectorModel(directory)).rejects.toMatchObject({ code: 'model_missing' });
  });

  it('a loader that points outside the packed file is model_missing', async () => {
    await writeFile(join(directory, 'pose_solution_packed_assets.data'), 'short');
    await writeFile(
      join(directory, 'pose_solution_packed_assets_loader.js'),
      '{"filename": "/x/pose_detection.tflite", "start": 0, "end": 99}',
    );
    await expect(readDetectorModel(directory)).rejects.toMatchObject({ code: 'model_missing' });
  });
});
