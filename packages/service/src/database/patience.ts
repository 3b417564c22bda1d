/** A database that is not there yet (recovering after a crash, started beside us, behind a name that is not known yet) is waited for. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly waitMs: number;
  /** Told once, with the reason, when waiting begins. */
  readonly onWait: (error: unknown) => void;
}

const WAIT_MS = 120_000;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 2_000;

/** Of the system, and of PostgreSQL: shutting down, crashed, starting up, too many connections. */
const ABSENT = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);
/** What the driver says without a code. */
const BROKEN = /Connection terminated|timeout exceeded when trying to connect|timeout expired/;

/** True for errors that pass once the database is back; a wrong password or a missing database does not. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return ABSENT.has(code) || code.startsWith('08') || BROKEN.test(error.message);
}

/** Does `work`, again and again while the database is away, for at most two minutes. `work` must bear being repeated. */
export async function patiently<T>(work: () => Promise<T>, { waitMs = WAIT_MS, onWait = () => {} }: Partial<Patience> = {}): Promise<T> {
  const deadline = Date.now() + waitMs;
  for (let pauseMs = FIRST_PAUSE_MS, waits = 0; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS), waits++) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error) || Date.now() > deadline) throw error;
      if (waits === 0) onWait(error);
      await sleep(pauseMs);
    }
  }
}
