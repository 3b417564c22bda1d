import type { Db } from '../database/schema.ts';
import { type Run, reportProgress } from '../jobs/runs.ts';
import type { SolvePhase } from './solver.ts';

const MIN_INTERVAL_MS = 500;

/** Writes progress in order, one at a time: every change of phase, and within a phase at most twice a second. */
export class ProgressWriter {
  readonly #db: Db;
  readonly #run: Run;
  #phase: SolvePhase | null = null;
  #writtenAtMs = 0;
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown = null;

  constructor(db: Db, run: Run) {
    this.#db = db;
    this.#run = run;
  }

  readonly report = (phase: SolvePhase, fraction: number): void => {
    const now = Date.now();
    if (phase === this.#phase && now - this.#writtenAtMs < MIN_INTERVAL_MS) return;
    this.#phase = phase;
    this.#writtenAtMs = now;
    this.#writing = this.#writing
      .then(() => reportProgress(this.#db, this.#run, phase, fraction))
      .catch((error: unknown) => {
        this.#failure ??= error;
      });
  };

  /** Waits for what is being written; throws what went wrong (`RunLost` above all). */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#failure !== null) throw this.#failure;
  }
}
