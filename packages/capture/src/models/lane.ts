import { Worker } from 'node:worker_threads';
import type { LaneNetwork, LaneReply, LaneRequest, LaneSetup } from './lane-protocol.ts';
import { type Network, type NetworkShape, sizeOf } from './onnx-session.ts';

/** A model in its ONNX form, and what goes in and comes out. */
export interface NetworkPlan {
  readonly onnx: Uint8Array;
  readonly shape: NetworkShape;
}

/** The thread's module, built: threads run without the loader that lets the sources run as they are. */
const threadEntry = (): URL => {
  const own = import.meta.url;
  return new URL('./lane-thread.js', own.endsWith('.ts') ? own.replace(/\/src\/(?!.*\/src\/)/, '/dist/') : own);
};

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

const withMemory = ({ onnx, shape }: NetworkPlan): LaneNetwork => ({
  onnx,
  shape,
  input: new SharedArrayBuffer(3 * shape.inputSidePx ** 2 * FLOAT_BYTES),
  outputs: new Map(Object.entries(shape.outputs).map(([name, size]) => [name, new SharedArrayBuffer(sizeOf(size) * FLOAT_BYTES)])),
});

/** Bytes that lie in memory once for all threads that are given them. */
export const inSharedMemory = (bytes: Uint8Array): Uint8Array => {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
};

/** A thread with a set of networks of its own, of which it runs one at a time while the caller does something else. */
export class Lane {
  readonly #thread: Worker;
  readonly #networks: ReadonlyMap<string, Network>;
  readonly #ended: Promise<void>;
  #answer: { resolve(): void; reject(reason: unknown): void } | null = null;
  #failure: unknown = null;
  #lastRun = '';

  private constructor(setup: LaneSetup) {
    this.#thread = new Worker(threadEntry(), { workerData: setup, execArgv: [] });
    this.#networks = new Map(Array.from(setup.networks, ([name, network]) => [name, this.#network(name, network)]));
    this.#thread.on('message', (reply: LaneReply) => this.#onReply(reply));
    this.#thread.on('error', (reason) => this.#fail(reason));
    this.#ended = new Promise((resolve) => {
      this.#thread.on('exit', (code) => {
        this.#fail(new Error(`the thread of the networks ended with ${code}`));
        resolve();
      });
    });
  }

  /** Starts the thread and waits until its networks are loaded; rejects if one cannot be. */
  static async open(plans: ReadonlyMap<string, NetworkPlan>, threads: number): Promise<Lane> {
    const networks = new Map(Array.from(plans, ([name, plan]) => [name, withMemory(plan)]));
    const lane = new Lane({ networks, threads });
    try {
      await lane.#reply();
    } catch (error) {
      await lane.release();
      throw error;
    }
    return lane;
  }

  /** Name of the network that ran last. */
  get lastRun(): string {
    return this.#lastRun;
  }

  network(name: string): Network {
    return this.#networks.get(name) as Network;
  }

  /** Lets the networks go and ends the thread, after what it is doing. */
  async release(): Promise<void> {
    this.#send({ kind: 'release' });
    await this.#ended;
  }

  #network(name: string, memory: LaneNetwork): Network {
    const outputs = new Map(Array.from(memory.outputs, ([output, buffer]) => [output, new Float32Array(buffer)]));
    return {
      input: new Float32Array(memory.input),
      output: (output) => outputs.get(output) as Float32Array,
      run: () => {
        this.#lastRun = name;
        this.#send({ kind: 'run', network: name });
        return this.#reply();
      },
    };
  }

  #send(request: LaneRequest): void {
    this.#thread.postMessage(request);
  }

  #reply(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
    });
  }

  #onReply(reply: LaneReply): void {
    const answer = this.#answer;
    this.#answer = null;
    if (reply.kind === 'failed') answer?.reject(reply.reason);
    else answer?.resolve();
  }

  /** The thread is gone: whoever waits, and whoever comes, is told. */
  #fail(reason: unknown): void {
    this.#failure ??= reason;
    this.#answer?.reject(reason);
    this.#answer = null;
  }
}
