/** RFC 9110 §14: the Range header of one request on an object of known length. */
import type { ByteRange } from './object-store.ts';

export type RangeAnswer =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'unsatisfiable' };

const WHOLE: RangeAnswer = { kind: 'whole' };

/**
 * One range is served; several, other units and nonsense are ignored, as the standard allows: the answer is then the whole object.
 * ```
 * parseRange('bytes=2-', 10)   // part 2..9
 * parseRange('bytes=-3', 10)   // part 7..9
 * parseRange('bytes=10-', 10)  // unsatisfiable
 * ```
 */
export function parseRange(header: string | undefined, bytes: number): RangeAnswer {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (match === null) return WHOLE;
  const [, first, last] = match;
  if (first === '') return last === '' ? WHOLE : suffix(Number(last), bytes);
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < start) return WHOLE;
  return start < bytes ? { kind: 'part', range: { start, end } } : { kind: 'unsatisfiable' };
}

function suffix(length: number, bytes: number): RangeAnswer {
  if (length === 0 || bytes === 0) return { kind: 'unsatisfiable' };
  return { kind: 'part', range: { start: Math.max(0, bytes - length), end: bytes - 1 } };
}
