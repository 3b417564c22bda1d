import { availableParallelism } from 'node:os';
import { Lane, type NetworkPlan } from './lane.ts';
import { inTurn, type NetworkSource } from './session.ts';

/** More threads inside one inference gain little: the networks are small. */
const MOST_THREADS = 4;

/** The threads of one inference. Their number changes the speed, not the results. */
export const threadsOf = (cores: number): number => Math.min(MOST_THREADS, Math.max(1, cores));

/**
 * The networks in a thread of their own, which takes one job after the other, in the order in which they come. One: with two at a time,
 * each with half of the cores, a clip took as long.
 */
export class LaneQueue {
  readonly #lane: Lane;
  readonly #turn = inTurn();
  #released: Promise<void> | null = null;

  private constructor(lane: Lane) {
    this.#lane = lane;
  }

  /** Starts the thread; if its networks cannot be loaded, it is not left behind. */
  static async open(plans: ReadonlyMap<string, NetworkPlan>, cores = availableParallelism()): Promise<LaneQueue> {
    return new LaneQueue(await Lane.open(plans, threadsOf(cores)));
  }

  /** The network of one name. A job that finds the thread free starts at once. */
  source(name: string): NetworkSource {
    return { use: (job) => this.#turn(() => job(this.#lane.network(name))), release: () => this.release() };
  }

  /** Ends the thread, after what it is doing; more than once does no harm. */
  release(): Promise<void> {
    this.#released ??= this.#lane.release();
    return this.#released;
  }
}
