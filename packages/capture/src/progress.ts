/** One stage of work: how far it is. `total` may be an estimate until the stage ends. */
export interface Progress {
  readonly stage: 'probe' | 'models' | 'capture' | 'solve';
  readonly done: number;
  readonly total: number;
}

/** What every long function takes: a listener and a way to stop it. */
export interface Running {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}
