import type { ErrorCode, Stage } from '@gaitway/motion/errors';
import type { Solved, SolvePhase, SolveRequest } from './solver.ts';

export interface ToSolve {
  readonly request: SolveRequest;
  /** Converted models are kept there between jobs. */
  readonly cacheDir: string;
}

export type FromSolve =
  | { readonly type: 'progress'; readonly phase: SolvePhase; readonly fraction: number }
  | { readonly type: 'clip'; readonly path: string }
  | { readonly type: 'solved'; readonly solved: Solved }
  | {
      readonly type: 'failed';
      readonly code: ErrorCode;
      readonly stage: Stage;
      readonly message: string;
      readonly facts: Readonly<Record<string, string | number | boolean | null>>;
      /** For our log only. */
      readonly cause: string;
    };
