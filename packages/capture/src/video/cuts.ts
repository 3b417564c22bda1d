import type { Picture } from '../tracking/picture.ts';
import { detailCorrelation, emptySignature, type LumaSignature, signatureDistance, signatureOf } from './luma-signature.ts';

/** Two pictures closer than this are of one shot, however still the clip is otherwise. */
const LEAST_STEP = 0.04;
/** A cut stands out from the changes around it by this factor: a fast pan changes much, but evenly. */
const STANDS_OUT = 4;
/** Changes that make up "around". */
const RECENT = 8;
/** After a flash the picture returns to what it was; after a cut it stays away by this part of the step. */
const STAYS_AWAY = 0.6;
/** With more of the detail where it was it is the same shot in another light (a lens flare, a lamp). */
const SAME_DETAIL = 0.6;

interface Step {
  readonly timeSec: number;
  readonly distance: number;
}

/**
 * Finds hard cuts in a stream of pictures, on small signatures of their luma, so that it can listen to a decode that is running
 * anyway. A cut is believed once the picture after it has been seen. Dissolves and fades have no single place: `dissolves.ts` finds them.
 */
export class CutDetector {
  readonly #recent: number[] = [];
  readonly #cutsSec: number[] = [];
  #older = emptySignature();
  #last = emptySignature();
  #next = emptySignature();
  #seen = 0;
  #candidate: Step | null = null;

  /** Shows the next picture; its planes are not kept. True if another shot may begin with it: the pictures to come will tell. */
  next(picture: Pick<Picture, 'widthPx' | 'heightPx' | 'y' | 'fullRange'>, timeSec: number): boolean {
    const now = signatureOf(picture, this.#next);
    if (this.#seen > 0) this.#compare(timeSec, now);
    this.#seen++;
    [this.#older, this.#last, this.#next] = [this.#last, now, this.#older];
    return this.#candidate !== null;
  }

  /** Times of the first pictures after each cut, seconds. Call after the last picture. */
  finish(): readonly number[] {
    if (this.#candidate) this.#cutsSec.push(this.#candidate.timeSec);
    this.#candidate = null;
    return this.#cutsSec;
  }

  #compare(timeSec: number, now: LumaSignature): void {
    const step = { timeSec, distance: signatureDistance(this.#last, now) };
    const candidate = this.#candidate;
    this.#candidate = null;
    // `older` is the picture before the candidate.
    const returned = candidate !== null && signatureDistance(this.#older, now) < STAYS_AWAY * candidate.distance;
    const isCut = candidate !== null && !returned && candidate.distance >= STANDS_OUT * step.distance;
    if (isCut) this.#cutsSec.push(candidate.timeSec);
    else if (candidate) this.#remember(candidate.distance);
    const standsOut = !returned && step.distance >= LEAST_STEP && step.distance >= STANDS_OUT * this.#usual();
    if (standsOut && detailCorrelation(this.#last, now) < SAME_DETAIL) this.#candidate = step;
    else this.#remember(step.distance);
  }

  #remember(distance: number): void {
    this.#recent.push(distance);
    if (this.#recent.length > RECENT) this.#recent.shift();
  }

  /** Median of the recent changes; 0 at the start. */
  #usual(): number {
    const sorted = [...this.#recent].sort((a, b) => a - b);
    return sorted.length === 0 ? 0 : sorted[sorted.length >> 1];
  }
}

/** A sentence for the manifest about the cuts of a clip; none for a clip in one shot. */
export const cutWarnings = (cutsSec: readonly number[]): string[] => {
  if (cutsSec.length === 0) return [];
  const SHOWN = 10;
  const times = cutsSec.slice(0, SHOWN).map((timeSec) => `${timeSec.toFixed(2)} s`);
  const more = cutsSec.length > SHOWN ? ` and ${cutsSec.length - SHOWN} more` : '';
  return [
    `The clip is cut at ${times.join(', ')}${more}: every shot is solved by itself, and the motion jumps there; trim to one shot for one motion.`,
  ];
};
