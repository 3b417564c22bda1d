import { InferenceSession, Tensor } from 'onnxruntime-node';

export interface NetworkShape {
  /** Side of the square input, pixels: `[1, 3, side, side]`, channels first. */
  readonly inputSidePx: number;
  /** Output name → shape. */
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

/** A loaded network with one input and fixed buffers: nothing is allocated for a run. One run at a time. */
export interface Network {
  /** `3 × side × side`; fill it, then run. */
  readonly input: Float32Array;
  readonly run: () => Promise<void>;
  /** The output's buffer; overwritten by the next run. */
  readonly output: (name: string) => Float32Array;
}

export interface LoadedNetwork extends Network {
  readonly release: () => Promise<void>;
}

/** Number of values of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

const createSession = (onnx: Uint8Array, threads: number): Promise<InferenceSession> =>
  InferenceSession.create(onnx, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    executionProviders: ['cpu'],
    // Waiting threads would otherwise burn the core that the decoder needs.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });

/** Loads and optimises a model. Runs block the calling thread, whatever their signature says: `Lane` has a thread for them. */
export const loadNetwork = async (onnx: Uint8Array, shape: NetworkShape, threads: number): Promise<LoadedNetwork> => {
  const session = await createSession(onnx, threads);
  const side = shape.inputSidePx;
  const input = new Float32Array(3 * side * side);
  const feeds = { input: new Tensor('float32', input, [1, 3, side, side]) };
  const buffers = new Map(Object.entries(shape.outputs).map(([name, size]) => [name, new Float32Array(sizeOf(size))]));
  const fetches = Object.fromEntries(
    Array.from(buffers, ([name, values]) => [name, new Tensor('float32', values, [...shape.outputs[name]])]),
  );
  return {
    input,
    run: async () => {
      await session.run(feeds, fetches);
    },
    output: (name) => buffers.get(name) as Float32Array,
    release: () => session.release(),
  };
};
