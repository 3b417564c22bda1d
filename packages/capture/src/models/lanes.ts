import { availableParallelism } from 'node:os';
import { Lane, type NetworkPlan } from './lane.ts';
import type { NetworkSource } from './session.ts';

/** One frame is looked at while the result of the one before is written down. */
const LANES = 2;
/** Networks with more bytes are not loaded twice: they take several times as much memory, and have work for all cores at once. */
const LARGE_BYTES = 32 * 2 ** 20;
/** More threads inside one inference gain little: the networks are small. */
const MOST_THREADS = 4;

export const laneCount = (plans: ReadonlyMap<string, NetworkPlan>): number =>
  [...plans.values()].some(({ onnx }) => onnx.byteLength > LARGE_BYTES) ? 1 : LANES;

/** The threads of one inference: the cores, shared out among the lanes. It changes the speed, not the numbers. */
export const threadsPerLane = (cores: number, lanes: number): number => Math.min(MOST_THREADS, Math.max(1, Math.floor(cores / lanes)));

/** Several lanes with the same networks. A job gets any lane that is free, in the order in which jobs come. */
export class Lanes {
  readonly #lanes: readonly Lane[];
  readonly #free: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];
  #released: Promise<void> | null = null;

  private constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
    this.#free = [...lanes];
  }

  /** Starts the lanes; if one cannot be, none is left behind. */
  static async open(plans: ReadonlyMap<string, NetworkPlan>, threadsInAll = availableParallelism()): Promise<Lanes> {
    const count = laneCount(plans);
    const threads = threadsPerLane(threadsInAll, count);
    const opened = await Promise.allSettled(Array.from({ length: count }, () => Lane.open(plans, threads)));
    const lanes = opened.flatMap((lane) => (lane.status === 'fulfilled' ? [lane.value] : []));
    const failed = opened.find((lane) => lane.status === 'rejected');
    if (!failed) return new Lanes(lanes);
    await Promise.all(lanes.map((lane) => lane.release()));
    throw failed.reason;
  }

  /** The networks of one name in all lanes. */
  source(name: string): NetworkSource {
    return {
      use: async (job) => {
        const lane = await this.#take();
        try {
          return await job(lane.network(name));
        } finally {
          this.#giveBack(lane);
        }
      },
      release: () => this.release(),
    };
  }

  /** Ends all lanes, after what they are doing; more than once does no harm. */
  release(): Promise<void> {
    this.#released ??= Promise.all(this.#lanes.map((lane) => lane.release())).then(() => undefined);
    return this.#released;
  }

  #take(): Lane | Promise<Lane> {
    return this.#free.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(lane: Lane): void {
    const next = this.#waiting.shift();
    if (next) next(lane);
    else this.#free.push(lane);
  }
}
