/**
 * Time stamps of a file made usable: in order, increasing, without jumps. Files lie about time in many ways (stamps that are missing,
 * equal, negative or jump by hours where recordings were joined), and everything downstream divides by their differences.
 */

/** A larger step than this is no pause but a jump of the clock; ffmpeg's own threshold. */
const JUMP_SEC = 10;
/** Packets are stored this much out of order at most; a longer way back means that another recording begins. */
const REORDER_SEC = 1;
/** A step back of fewer intervals is a slip; a longer one, between frames in display order, is a jump too. */
const SLIP_INTERVALS = 2;

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
    if (stepSec <= 0 && stepSec > -SLIP_INTERVALS * this.#intervalSec) return this.#lastSec + this.#intervalSec / 2;
    this.repairs += 1;
    const timeSec = this.#lastSec + this.#intervalSec;
    if (!Number.isNaN(stampSec)) this.#offsetSec = timeSec - stampSec;
    return timeSec;
  }
}

/**
 * Stamps in decoding order put into display order: sorted, but never across a jump (else the parts of a joined recording, which
 * both start at zero, would be interleaved) nor across a missing stamp (NaN).
 */
export const toDisplayOrder = (stampsSec: Float64Array): Float64Array => {
  const ordered = Float64Array.from(stampsSec);
  let start = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < ordered.length; i++) {
    const stamp = ordered[i];
    const isBreak = Number.isNaN(stamp) || stamp - highest > JUMP_SEC || highest - stamp > REORDER_SEC;
    if (isBreak) {
      ordered.subarray(start, i).sort();
      start = Number.isNaN(stamp) ? i + 1 : i;
      highest = stamp;
    }
    highest = Number.isNaN(stamp) ? Number.NEGATIVE_INFINITY : Math.max(highest, stamp);
  }
  ordered.subarray(start).sort();
  return ordered;
};

const USUAL_STEP_SEC = 1 / 30;

/** The median of the usable steps between stamps in display order; a thirtieth of a second where there is none. */
export const typicalStep = (stampsSec: Float64Array): number => {
  const steps = stampsSec.map((stamp, i) => stamp - stampsSec[i - 1]).filter((step) => step > 0 && step <= JUMP_SEC);
  return steps.length === 0 ? USUAL_STEP_SEC : steps.sort()[steps.length >> 1];
};
