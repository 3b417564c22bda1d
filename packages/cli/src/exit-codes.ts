import type { ErrorCode } from '@gaitway/motion/errors';

/** Exit codes of `gaitway`, documented in docs/cli.md. */
export const EXIT = { done: 0, ourFault: 1, usage: 2, sourceUnreadable: 3, noPerson: 4, targetFailed: 5, interrupted: 130 } as const;

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  option_invalid: EXIT.usage,
  export_fps_invalid: EXIT.usage,
  mocap_type_invalid: EXIT.usage,
  api_target_ids_required: EXIT.usage,
  api_target_ids_too_many: EXIT.usage,
  api_target_unsupported: EXIT.usage,
  api_trim_range_invalid: EXIT.usage,
  source_unreadable: EXIT.sourceUnreadable,
  source_no_video: EXIT.sourceUnreadable,
  motion_unreadable: EXIT.sourceUnreadable,
  source_too_short: EXIT.sourceUnreadable,
  source_too_large: EXIT.sourceUnreadable,
  api_duration_limit_exceeded: EXIT.sourceUnreadable,
  api_source_duration_invalid: EXIT.sourceUnreadable,
  decoder_timeout: EXIT.sourceUnreadable,
  no_person_detected: EXIT.noPerson,
  target_failed: EXIT.targetFailed,
  canceled: EXIT.interrupted,
};

/** What the process ends with after an error of the catalogue; anything not listed is our fault or the machine's. */
export const exitCodeOf = (code: ErrorCode): number => BY_CODE[code] ?? EXIT.ourFault;
