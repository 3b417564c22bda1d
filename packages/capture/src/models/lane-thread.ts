/// <reference lib="es2024.arraybuffer" />
/** The thread of a lane: loads its networks, then runs what it is told to, one inference at a time. Started by `lane.ts`. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { LaneNetwork, LaneReply, LaneRequest, LaneSetup } from './lane-protocol.ts';
import { type LoadedNetwork, loadNetwork } from './onnx-session.ts';

interface Loaded {
  readonly network: LoadedNetwork;
  readonly input: Float32Array;
  readonly outputs: ReadonlyMap<string, Float32Array>;
}

/**
 * The runtime takes no shared memory: it gets a copy of the model, of which it makes its own. The memory is given back at once; a thread
 * that allocates nothing collects no garbage, and there are several of them.
 */
const withCopy = async <T>(bytes: Uint8Array, use: (copy: Uint8Array) => Promise<T>): Promise<T> => {
  const memory = new ArrayBuffer(bytes.length, { maxByteLength: bytes.length });
  const copy = new Uint8Array(memory);
  copy.set(bytes);
  try {
    return await use(copy);
  } finally {
    memory.resize(0);
  }
};

const load = async ({ onnx, shape, input, outputs }: LaneNetwork, threads: number): Promise<Loaded> => ({
  network: await withCopy(onnx, (copy) => loadNetwork(copy, shape, threads)),
  input: new Float32Array(input),
  outputs: new Map(Array.from(outputs, ([name, memory]) => [name, new Float32Array(memory)])),
});

/** In and out are copied too: a hundredth of the time that the inference takes. */
const run = async ({ network, input, outputs }: Loaded): Promise<void> => {
  network.input.set(input);
  await network.run();
  for (const [name, values] of outputs) values.set(network.output(name));
};

const serve = async (port: MessagePort, { networks, threads }: LaneSetup): Promise<void> => {
  const loaded = new Map<string, Loaded>();
  const attempt = async (work: () => Promise<LaneReply>): Promise<void> => {
    const reply = await work().catch((reason: unknown): LaneReply => ({ kind: 'failed', reason }));
    port.postMessage(reply);
  };
  port.on('message', async (request: LaneRequest) => {
    if (request.kind === 'run') {
      await attempt(async () => {
        await run(loaded.get(request.network) as Loaded);
        return { kind: 'done' };
      });
      return;
    }
    for (const { network } of loaded.values()) await network.release();
    port.close();
  });
  await attempt(async () => {
    for (const [name, network] of networks) loaded.set(name, await load(network, threads));
    return { kind: 'ready' };
  });
};

await serve(parentPort as MessagePort, workerData as LaneSetup);
