import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DETECTOR_SHAPE } from '../../src/models/detector.ts';
import { LANDMARKER_SHAPE } from '../../src/models/landmarker.ts';
import type { NetworkPlan } from '../../src/models/lane.ts';
import { Lanes, planLanes } from '../../src/models/lanes.ts';
import { loadOnnx } from '../../src/models/model-cache.ts';
import { readDetectorModel, readLandmarkModel } from '../../src/models/model-files.ts';
import { loadNetwork, type Network } from '../../src/models/onnx-session.ts';
import type { NetworkSource } from '../../src/models/session.ts';

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

describe('Lanes', () => {
  it('answers to the bit as a network on the own thread does, each job with what it asked', async () => {
    const models = await plans();
    const lanes = await Lanes.open(models, 2);
    const [landmarks, detector] = [lanes.source('landmarks'), lanes.source('detector')];
    const phases = [0, 1, 2, 3, 4];
    const answers = await Promise.all([
      ...phases.map((phase) => landmarks.use((network) => runOn(network, phase))),
      detector.use((network) => runOn(network, 9)),
    ]);
    await lanes.release();
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
    const lanes = await Lanes.open(await plans(), 2);
    const landmarks = lanes.source('landmarks');
    for (let i = 0; i < 3; i++) await expect(landmarks.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await landmarks.use((network) => runOn(network, 1))).toHaveLength(195);
    await Promise.all([lanes.release(), lanes.release()]);
    await expect(landmarks.use((network) => network.run())).rejects.toThrow();
  });

  it('works on as many jobs at a time as it has lanes, and takes the others in the order in which they come', async () => {
    const lanes = await Lanes.open(await plans(), 2);
    const [landmarks, detector] = [lanes.source('landmarks'), lanes.source('detector')];
    const started: string[] = [];
    const finish = new Map<string, () => void>();
    const start = (name: string, source: NetworkSource): Promise<void> =>
      source.use(() => {
        started.push(name);
        return new Promise<void>((resolve) => finish.set(name, resolve));
      });
    const jobs = [start('a', landmarks), start('b', detector), start('c', landmarks), start('d', detector)];
    expect(started).toEqual(['a', 'b']);
    finish.get('b')?.();
    await jobs[1];
    await expect.poll(() => started).toEqual(['a', 'b', 'c']);
    finish.get('a')?.();
    await jobs[0];
    await expect.poll(() => started).toEqual(['a', 'b', 'c', 'd']);
    finish.get('c')?.();
    finish.get('d')?.();
    await Promise.all(jobs);
    await lanes.release();
  });

  it('gives a network the lane in which it ran last, where that is free', async () => {
    const lanes = await Lanes.open(await plans(), 2);
    const [landmarks, detector] = [lanes.source('landmarks'), lanes.source('detector')];
    const run = (source: NetworkSource): Promise<Network> =>
      source.use(async (network) => {
        await network.run();
        return network;
      });
    const [first, other] = await Promise.all([run(landmarks), run(detector)]);
    for (let i = 0; i < 3; i++) {
      expect(await run(detector)).toBe(other);
      expect(await run(landmarks)).toBe(first);
    }
    await lanes.release();
  });

  it('leaves no thread behind if a network cannot be loaded', async () => {
    const before = threadCount();
    const damaged = new Map([...(await plans()), ['detector', { onnx: new Uint8Array(100), shape: DETECTOR_SHAPE }] as const]);
    await expect(Lanes.open(damaged, 2)).rejects.toThrow();
    await expect.poll(threadCount, { timeout: 120_000 }).toBeLessThanOrEqual(before);
  });
});

describe('the lanes and the threads of each', () => {
  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [4, 2, 1],
    [6, 2, 2],
    [8, 2, 3],
    [64, 2, 4],
  ])('on %i cores: %i lanes, %i threads', (cores, lanes, threads) => {
    expect(planLanes(cores)).toEqual({ lanes, threads });
  });
});
