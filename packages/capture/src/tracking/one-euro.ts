/** Settings of the filter (Casiez, Roussel, Vogel: 1€ Filter, CHI 2012). */
export interface OneEuroOptions {
  readonly minCutoffHz: number;
  readonly beta: number;
  readonly derivativeCutoffHz: number;
}

const smoothing = (cutoffHz: number, stepSec: number): number => 1 / (1 + 1 / (2 * Math.PI * cutoffHz * stepSec));

/** Low-pass filter for one value whose cut-off rises with its speed: still when still, without lag when fast. */
export class OneEuroFilter {
  readonly #options: OneEuroOptions;
  #value = Number.NaN;
  #raw = 0;
  #rate = 0;
  #timeSec = 0;

  constructor(options: OneEuroOptions) {
    this.#options = options;
  }

  reset(): void {
    this.#value = Number.NaN;
    this.#rate = 0;
  }

  /** Takes the raw value at `timeSec` (increasing); `scale` makes its speed independent of the size of the object. */
  next(raw: number, timeSec: number, scale: number): number {
    const { minCutoffHz, beta, derivativeCutoffHz } = this.#options;
    const stepSec = timeSec - this.#timeSec;
    if (Number.isNaN(this.#value) || !(stepSec > 0)) {
      this.#value = raw;
    } else {
      const rate = ((raw - this.#raw) * scale) / stepSec;
      this.#rate += smoothing(derivativeCutoffHz, stepSec) * (rate - this.#rate);
      this.#value += smoothing(minCutoffHz + beta * Math.abs(this.#rate), stepSec) * (raw - this.#value);
    }
    this.#raw = raw;
    this.#timeSec = timeSec;
    return this.#value;
  }
}
