import type { JobsContext } from './jobs/context.ts';
import { maintain, sweepOrphans } from './jobs/maintenance.ts';

const MAINTAIN_EVERY_MS = 5_000;
const SWEEP_EVERY_MS = 3_600_000;

/** Does something again and again, never twice at once, until stopped. */
function repeat(everyMs: number, work: () => Promise<unknown>, onError: (error: unknown) => void): () => Promise<void> {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch(onError)
      .finally(() => {
        running = undefined;
      });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

export interface Chores {
  stop(): Promise<void>;
}

export function startChores(context: JobsContext): Chores {
  const onError = (error: unknown): void => context.log.error({ err: error }, 'a chore failed; it is repeated');
  const stops = [repeat(MAINTAIN_EVERY_MS, () => maintain(context), onError), repeat(SWEEP_EVERY_MS, () => sweepOrphans(context), onError)];
  return {
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}
