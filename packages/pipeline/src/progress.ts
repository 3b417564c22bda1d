/** The phases of a job in the order in which they happen; the wire contract's `phase` from preflight on. */
export const PHASES = ['preflight', 'capturing', 'solving', 'retargeting', 'packaging'] as const;
export type Phase = (typeof PHASES)[number];

export interface PipelineProgress {
  readonly phase: Phase;
  /** 0..1 over the whole job; never goes back. */
  readonly fraction: number;
  /** Video frames of this phase; both 0 where a phase does not count frames. */
  readonly framesDone: number;
  readonly framesTotal: number;
}

/** What every long function of this package takes besides its options. */
export interface Running {
  readonly onProgress?: (progress: PipelineProgress) => void;
  readonly signal?: AbortSignal;
}

/** Share of the whole job at which each phase begins; roughly the time each takes on two cores. */
const BEGINS_AT: Readonly<Record<Phase, number>> = { preflight: 0, capturing: 0.02, solving: 0.72, retargeting: 0.82, packaging: 0.86 };

const endOf = (phase: Phase): number => {
  const next = PHASES[PHASES.indexOf(phase) + 1];
  return next ? BEGINS_AT[next] : 1;
};

/** Reports progress of the phases as one fraction of the job that only grows. */
export class ProgressReporter {
  readonly #running: Running;
  #highest = 0;

  constructor(running: Running) {
    this.#running = running;
  }

  /** `done` of `total` units of a phase; they are frames unless `unitsAreFrames` is false. */
  report(phase: Phase, done: number, total: number, unitsAreFrames = true): void {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const fraction = BEGINS_AT[phase] + share * (endOf(phase) - BEGINS_AT[phase]);
    this.#highest = Math.max(this.#highest, fraction);
    const frames = unitsAreFrames ? { framesDone: done, framesTotal: total } : { framesDone: 0, framesTotal: 0 };
    this.#running.onProgress?.({ phase, fraction: this.#highest, ...frames });
  }
}
