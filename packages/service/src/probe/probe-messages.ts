import type { ErrorCode, Stage } from '@gaitway/motion/errors';
import type { SourceFacts } from '../jobs/probe.ts';

export interface ProbeQuestion {
  readonly path: string;
  readonly timeoutMs: number;
}

export type ProbeAnswer =
  | { readonly ok: true; readonly facts: SourceFacts }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly stage: Stage;
      readonly message: string;
      readonly facts: Readonly<Record<string, string | number | boolean | null>>;
    };
