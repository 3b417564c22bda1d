/**
 * Time stamps of a file made usable: in order, increasing, without jumps. Files lie about time in many ways (stamps that are missing,
 * equal, negative or jump by hours where recordings were joined), and everything downstream divides by their differences.
 */

/** A larger step than this is no pause but a jump of the clock; ffmpeg's own threshold. */
const JUMP_SEC = 10;
/** A step back of less than this is a slip within one recording; more means that another recording begins. */
const SLIP_SEC = 1;

/** Turns a file's time stamps, in display order, one by one, into seconds that strictly increase and do not jump. */
export class Timeline {
  readonly #intervalSec: number;
  #offsetSec = 0;
  #lastSec: number;
  #started = false;
  /** How many stamps had to be moved by a jump or made up because there was none. */
  repairs = 0;

  /** `startSec`: the stamp that becomes 0. `intervalSec`: the step to use where the file's own is unusable. */
  constructor(startSec: number, intervalSec: number) {
    this.#offsetSec = -startSec;
    this.#intervalSec = intervalSec;
    this.#lastSec = 0;
  }

  /** Seconds since the start for the next stamp (NaN: the file has none). */
  next(stampSec: number): number {
    const timeSec = this.#started ? this.#following(stampSec) : this.#first(stampSec);
    this.#lastSec = timeSec;
    this.#started = true;
    return timeSec;
  }

  #first(stampSec: number): number {
    return Number.isNaN(stampSec) ? 0 : Math.max(0, stampSec + this.#offsetSec);
  }

  #following(stampSec: number): number {
    const stepSec = stampSec + this.#offsetSec - this.#lastSec;
    if (stepSec > 0 && stepSec <= JUMP_SEC) return this.#lastSec + stepSec;
    if (stepSec <= 0 && stepSec > -SLIP_SEC) return this.#lastSec + this.#intervalSec / 2;
    this.repairs += 1;
    const timeSec = this.#lastSec + this.#intervalSec;
    if (!Number.isNaN(stampSec)) this.#offsetSec = timeSec - stampSec;
    return timeSec;
  }
}

/**
 * Stamps in decoding order put into display order: sorted, but never across a jump (else the parts of a joined recording, which
 * both start at zero, would be interleaved). Decoders reorder by a few frames only, so that a step of more than `JUMP_SEC` forwards or
 * `SLIP_SEC` backwards is a jump.
 */
export const toDisplayOrder = (stampsSec: Float64Array): Float64Array => {
  const ordered = Float64Array.from(stampsSec);
  let start = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < ordered.length; i++) {
    const stamp = ordered[i];
    if (i > start && (stamp - highest > JUMP_SEC || highest - stamp > SLIP_SEC)) {
      ordered.subarray(start, i).sort();
      start = i;
      highest = Number.NEGATIVE_INFINITY;
    }
    highest = Math.max(highest, stamp);
  }
  ordered.subarray(start).sort();
  return ordered;
};
