import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DETECTOR_SHAPE } from '../../src/models/detector.ts';
import { LANDMARKER_SHAPE } from '../../src/models/landmarker.ts';
import type { NetworkPlan } from '../../src/models/lane.ts';
import { LaneQueue, threadsOf } from '../../src/models/lane-queue.ts';
import { loadOnnx } from '../../src/models/model-cache.ts';
import { readDetectorModel, readLandmarkModel } from '../../src/models/model-files.ts';
import { loadNetwork, type Network } from '../../src/models/onnx-session.ts';

const cacheDir = join(tmpdir(), 'gaitway-test-models');

const plans = async (): Promise<Map<string, NetworkPlan>> => {
  const landmarks = await loadOnnx(await readLandmarkModel('fast'), Object.keys(LANDMARKER_SHAPE.outputs), cacheDir);
  const detector = await loadOnnx(await readDetectorModel(), Object.keys(DETECTOR_SHAPE.outputs), cacheDir);
  return new Map([
    ['landmarks', { onnx: landmarks, shape: LANDMARKER_SHAPE }],
    ['detector', { onnx: detector, shape: DETECTOR_SHAPE }],
  ]);
};

const runOn = async (network: Network, phase: number): Promise<Float32Array> => {
  for (let i = 0; i < network.input.length; i++) network.input[i] = 0.5 + 0.5 * Math.sin(i * 0.01 + phase);
  await network.run();
  return network.output('Identity').slice();
};

const threadCount = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'MessagePort').length;

describe('LaneQueue', () => {
  it('answers to the bit as a network on the own thread does, each job with what it asked', async () => {
    const models = await plans();
    const queue = await LaneQueue.open(models, 2);
    const [landmarks, detector] = [queue.source('landmarks'), queue.source('detector')];
    const phases = [0, 1, 2, 3, 4];
    const answers = await Promise.all([
      ...phases.map((phase) => landmarks.use((network) => runOn(network, phase))),
      detector.use((network) => runOn(network, 9)),
    ]);
    await queue.release();
    const own = async (name: string, asked: readonly number[]): Promise<Float32Array[]> => {
      const { onnx, shape } = models.get(name) as NetworkPlan;
      const network = await loadNetwork(onnx, shape, 1);
      const out: Float32Array[] = [];
      for (const phase of asked) out.push(await runOn(network, phase));
      await network.release();
      return out;
    };
    expect(answers).toEqual([...(await own('landmarks', phases)), ...(await own('detector', [9]))]);
  });

  it('goes on after a job that fails, and refuses jobs after its release', async () => {
    const queue = await LaneQueue.open(await plans(), 2);
    const landmarks = queue.source('landmarks');
    for (let i = 0; i < 3; i++) await expect(landmarks.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await landmarks.use((network) => runOn(network, 1))).toHaveLength(195);
    await Promise.all([queue.release(), queue.release()]);
    await expect(landmarks.use((network) => network.run())).rejects.toThrow();
  });

  it('leaves no thread behind if a network cannot be loaded', async () => {
    const before = threadCount();
    const damaged = new Map([...(await plans()), ['detector', { onnx: new Uint8Array(100), shape: DETECTOR_SHAPE }] as const]);
    await expect(LaneQueue.open(damaged, 2)).rejects.toThrow();
    await expect.poll(threadCount, { timeout: 120_000 }).toBeLessThanOrEqual(before);
  });
});

describe('the threads of one inference', () => {
  it.each([
    [1, 1],
    [2, 2],
    [4, 4],
    [64, 4],
  ])('of %i cores: %i', (cores, threads) => {
    expect(threadsOf(cores)).toBe(threads);
  });
});
