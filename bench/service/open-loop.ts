/**
 * Requests at moments fixed beforehand, whether or not earlier ones were answered: a slow server meets a growing pile, as in life. A latency
 * counts from the planned moment, so that a late start of ours counts against the server rather than vanishing (no coordinated omission).
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface OpenLoopOptions {
  readonly perSecond: number;
  readonly durationSec: number;
  /** The n-th request; rejects or resolves to false where the answer was an error. */
  readonly send: (index: number) => Promise<boolean>;
  /** How long after the last request answers still count; default 30 s. */
  readonly latestAnswerMs?: number;
}

export interface LoopResult {
  readonly latenciesMs: number[];
  readonly errors: number;
}

const LATEST_ANSWER_MS = 30_000;

export async function openLoop(options: OpenLoopOptions): Promise<LoopResult> {
  const total = Math.round(options.perSecond * options.durationSec);
  const startMs = performance.now();
  const latenciesMs: number[] = [];
  let errors = 0;
  const open = new Set<Promise<void>>();
  for (let index = 0; index < total; index++) {
    const plannedMs = startMs + (index * 1000) / options.perSecond;
    const waitMs = plannedMs - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    const done = options
      .send(index)
      .catch(() => false)
      .then((isGood) => {
        latenciesMs.push(performance.now() - plannedMs);
        if (!isGood) errors++;
        open.delete(done);
      });
    open.add(done);
  }
  await Promise.race([Promise.all(open), sleep(options.latestAnswerMs ?? LATEST_ANSWER_MS)]);
  return { latenciesMs, errors: errors + open.size };
}

/** As many requests as `clients` can send, each the next as soon as its last was answered: the peak. */
export async function closedLoop(
  clients: number,
  durationSec: number,
  send: (index: number) => Promise<boolean>,
): Promise<LoopResult & { perSecond: number }> {
  const startMs = performance.now();
  const endMs = startMs + durationSec * 1000;
  const latenciesMs: number[] = [];
  let errors = 0;
  const client = async (first: number): Promise<void> => {
    for (let index = first; performance.now() < endMs; index += clients) {
      const sentMs = performance.now();
      if (!(await send(index).catch(() => false))) errors++;
      latenciesMs.push(performance.now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  return { latenciesMs, errors, perSecond: latenciesMs.length / ((performance.now() - startMs) / 1000) };
}
