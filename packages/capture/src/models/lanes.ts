import { availableParallelism } from 'node:os';
import { Lane, type NetworkPlan } from './lane.ts';
import type { NetworkSource } from './session.ts';

/** Two looks at a time: a look and its mirror image, two people, a person and the search for newcomers. Each lane holds all networks. */
const MOST_LANES = 2;
/** More threads inside one inference gain little: the networks are small. */
const MOST_THREADS = 4;

/** How many inferences run at a time, and the threads inside each. They change the speed, not the results. */
export interface LanePlan {
  readonly lanes: number;
  readonly threads: number;
}

/**
 * Lanes before threads: two inferences side by side take as long as one alone, one inference with two threads hardly less than with one.
 * Threads are added where cores are left, but for one: the decoder's.
 */
export const planLanes = (cores: number): LanePlan => {
  const lanes = Math.min(MOST_LANES, Math.max(1, cores));
  return { lanes, threads: Math.min(MOST_THREADS, Math.max(1, Math.floor((cores - 1) / lanes))) };
};

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
  static async open(plans: ReadonlyMap<string, NetworkPlan>, cores = availableParallelism()): Promise<Lanes> {
    const { lanes: count, threads } = planLanes(cores);
    const opened = await Promise.allSettled(Array.from({ length: count }, () => Lane.open(plans, threads)));
    const lanes = opened.flatMap((lane) => (lane.status === 'fulfilled' ? [lane.value] : []));
    const failed = opened.find((lane) => lane.status === 'rejected');
    if (!failed) return new Lanes(lanes);
    await Promise.all(lanes.map((lane) => lane.release()));
    throw failed.reason;
  }

  /** The networks of one name in all lanes. A job that finds a lane free starts at once. */
  source(name: string): NetworkSource {
    return {
      use: async (job) => {
        const lane = this.#takeFree(name) ?? (await new Promise<Lane>((resolve) => this.#waiting.push(resolve)));
        try {
          return await job(lane.network(name));
        } finally {
          this.#giveBack(lane);
        }
      },
      release: () => this.release(),
    };
  }

  /** A network runs faster where it ran last: its weights are still in the cache of that core. */
  #takeFree(name: string): Lane | undefined {
    const same = this.#free.findIndex((lane) => lane.lastRun === name);
    return this.#free.splice(Math.max(0, same), 1)[0];
  }

  /** Ends all lanes, after what they are doing; more than once does no harm. */
  release(): Promise<void> {
    this.#released ??= Promise.all(this.#lanes.map((lane) => lane.release())).then(() => undefined);
    return this.#released;
  }

  #giveBack(lane: Lane): void {
    const next = this.#waiting.shift();
    if (next) next(lane);
    else this.#free.push(lane);
  }
}
