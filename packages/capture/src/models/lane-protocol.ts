import type { NetworkShape } from './onnx-session.ts';

/** A network that a lane's thread loads, and the memory through which both threads pass its numbers. */
export interface LaneNetwork {
  readonly onnx: Uint8Array;
  readonly shape: NetworkShape;
  readonly input: SharedArrayBuffer;
  readonly outputs: ReadonlyMap<string, SharedArrayBuffer>;
}

/** What the thread is started with. */
export interface LaneSetup {
  readonly networks: ReadonlyMap<string, LaneNetwork>;
  /** Threads inside one inference. */
  readonly threads: number;
}

/** To the thread: run the network of that name; or end. */
export type LaneRequest = { readonly kind: 'run'; readonly network: string } | { readonly kind: 'release' };

/** From the thread: all networks are loaded; the outputs are there; it could not be done. */
export type LaneReply = { readonly kind: 'ready' } | { readonly kind: 'done' } | { readonly kind: 'failed'; readonly reason: unknown };
