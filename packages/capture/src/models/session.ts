import { availableParallelism } from 'node:os';
import { GaitwayError } from '@gaitway/motion/errors';
import { loadOnnx } from './model-cache.ts';
import type { ModelFile } from './model-files.ts';
import { type LoadedNetwork, loadNetwork, type Network, type NetworkShape } from './onnx-session.ts';

/** More than two gain little: the networks are small. */
const DEFAULT_THREADS = 2;

export interface NetworkOptions {
  /** Threads inside one inference; by default as many as the machine has cores, up to a few. */
  readonly threads?: number;
  readonly cacheDir?: string;
}

/** Lends networks of one kind to jobs; a job that finds none free waits for its turn. */
export interface NetworkSource {
  readonly use: <T>(job: (network: Network) => Promise<T>) => Promise<T>;
  readonly release: () => Promise<void>;
}

/** Runs one job at a time, in the order in which they come. A job that finds nobody before it starts at once. */
export const inTurn = (): (<T>(job: () => Promise<T>) => Promise<T>) => {
  const waiting: (() => void)[] = [];
  let isFree = true;
  return async (job) => {
    if (isFree) isFree = false;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else isFree = true;
    }
  };
};

/** One network, lent to one job after the other. */
export const alone = (network: LoadedNetwork): NetworkSource => {
  const turn = inTurn();
  return { use: (job) => turn(() => job(network)), release: () => network.release() };
};

/** Converts (or takes from the cache), loads and optimises a model. */
export const openNetwork = async (model: ModelFile, shape: NetworkShape, options: NetworkOptions): Promise<LoadedNetwork> => {
  const onnx = await loadOnnx(model, Object.keys(shape.outputs), options.cacheDir);
  try {
    return await loadNetwork(onnx, shape, options.threads ?? Math.min(DEFAULT_THREADS, availableParallelism()));
  } catch (cause) {
    throw new GaitwayError('model_missing', { cause });
  }
};
