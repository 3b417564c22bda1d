import { throwIfAborted } from '@gaitway/motion/abort';
import type { Clip } from '@gaitway/motion/clip';
import { GaitwayError, isGaitwayError } from '@gaitway/motion/errors';
import type { Delivery } from '@gaitway/targets/target';
import type { ProgressReporter } from './progress.ts';
import type { PreparedTarget } from './target-registry.ts';

/** A target that could not be made, while others may have been. */
export interface FailedTarget {
  readonly targetId: string;
  readonly resultType: Delivery['resultType'];
  /** `target_failed`; its cause says what happened, `facts.cause` under which code. */
  readonly error: GaitwayError;
}

export interface TargetsResult {
  readonly deliveries: readonly Delivery[];
  readonly failedTargets: readonly FailedTarget[];
}

/** Delivers a clip to each target by itself: one that fails takes no other with it; only a cancel ends them all. */
export async function runTargets(
  clip: Clip,
  targets: readonly PreparedTarget[],
  progress: ProgressReporter,
  signal: AbortSignal | undefined,
): Promise<TargetsResult> {
  const deliveries: Delivery[] = [];
  const failedTargets: FailedTarget[] = [];
  for (const [index, target] of targets.entries()) {
    throwIfAborted(signal);
    const onProgress = (fraction: number): void => progress.report('retargeting', index + fraction, targets.length, false);
    onProgress(0);
    try {
      deliveries.push(await target.deliver(clip, { onProgress, ...(signal && { signal }) }));
    } catch (error) {
      throwIfAborted(signal);
      failedTargets.push({ targetId: target.id, resultType: target.resultType, error: asTargetFailure(target.id, error) });
    }
  }
  return { deliveries, failedTargets };
}

/** Keeps the sentence of a known cause, hides an unknown one. */
function asTargetFailure(targetId: string, cause: unknown): GaitwayError {
  const known = isGaitwayError(cause) ? cause : undefined;
  const message = known && `The target ${targetId} could not be made: ${known.message}`;
  return new GaitwayError('target_failed', {
    ...(message && { message }),
    facts: { targetId, cause: known?.code ?? 'processing_failed' },
    cause,
  });
}
