import { availableParallelism } from 'node:os';
import { GaitwayError } from '@gaitway/motion/errors';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadOnnx } from './model-cache.ts';
import type { ModelFile } from './model-files.ts';

/** More than two gain little: the networks are small. */
const DEFAULT_THREADS = 2;

export interface NetworkOptions {
  /** Threads inside one inference; two by default, where there are two cores. */
  readonly threads?: number;
  readonly cacheDir?: string;
}

export interface NetworkShape {
  /** Side of the square input, pixels: `[1, 3, side, side]`, channels first. */
  readonly inputSidePx: number;
  /** Output name → shape. */
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

/** A loaded network with one input and fixed buffers: nothing is allocated for a run. */
export interface Network {
  /** `3 × side × side`; fill it, then run. */
  readonly input: Float32Array;
  readonly run: () => Promise<void>;
  /** The output's buffer; overwritten by the next run. */
  readonly output: (name: string) => Float32Array;
  readonly release: () => Promise<void>;
}

const tensors = (shapes: Readonly<Record<string, readonly number[]>>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return [name, new Tensor('float32', new Float32Array(length), [...shape])];
    }),
  );

const createSession = async (onnx: Uint8Array, threads: number): Promise<InferenceSession> => {
  try {
    return await InferenceSession.create(onnx, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      executionProviders: ['cpu'],
      // Waiting threads would otherwise burn the core that the decoder needs.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    throw new GaitwayError('model_missing', { cause });
  }
};

/** Converts (or takes from the cache), loads and optimises a model. */
export const openNetwork = async (model: ModelFile, shape: NetworkShape, options: NetworkOptions): Promise<Network> => {
  const onnx = await loadOnnx(model, Object.keys(shape.outputs), options.cacheDir);
  const session = await createSession(onnx, options.threads ?? Math.min(DEFAULT_THREADS, availableParallelism()));
  const side = shape.inputSidePx;
  const input = new Float32Array(3 * side * side);
  const feeds = { input: new Tensor('float32', input, [1, 3, side, side]) };
  const fetches = tensors(shape.outputs);
  return {
    input,
    run: async () => {
      await session.run(feeds, fetches);
    },
    output: (name) => fetches[name].data as Float32Array,
    release: () => session.release(),
  };
};
