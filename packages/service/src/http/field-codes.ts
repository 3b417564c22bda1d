/** Published codes for fields: a wrong field of a create answers with the vendor's code for it, not with a general one. */
import type { ErrorCode } from '@gaitway/motion/errors';

/** By the first segment of the field's path. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  exportFps: 'export_fps_invalid',
  mocapType: 'mocap_type_invalid',
  targetId: 'api_target_unsupported',
  sourceType: 'request_invalid',
  sourceDurationSec: 'api_source_duration_invalid',
  trimStartSec: 'api_trim_range_invalid',
  trimEndSec: 'api_trim_range_invalid',
  quality: 'option_invalid',
  subjectHeightM: 'option_invalid',
  subject: 'option_invalid',
  cameraFovDeg: 'option_invalid',
  footLock: 'option_invalid',
  smoothing: 'option_invalid',
  targetOptions: 'option_invalid',
};

/** `field` as in `targetIds/0`, `keyword` the validator's name of the fault. */
export function codeOfField(field: string, keyword: string): ErrorCode {
  const [first, second] = field.split('/');
  if (first === 'targetIds') {
    if (second !== undefined) return 'api_target_unsupported';
    return keyword === 'too_big' ? 'api_target_ids_too_many' : 'api_target_ids_required';
  }
  return Object.hasOwn(CODES, first) ? CODES[first] : 'request_invalid';
}
