import { GaitwayError } from './errors.ts';

/** Throws `canceled` once the caller has aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new GaitwayError('canceled');
}
