import { GaitwayError } from '@gaitway/motion/errors';

/** Lets a few through at once, a bounded number wait, and refuses the rest with `service_unavailable`. */
export class Turnstile {
  readonly #maxWaiting: number;
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(maxAtOnce: number, maxWaiting: number) {
    this.#free = maxAtOnce;
    this.#maxWaiting = maxWaiting;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#free > 0) {
      this.#free--;
      return undefined;
    }
    if (this.#waiting.length >= this.#maxWaiting) throw new GaitwayError('service_unavailable', { stage: 'admission' });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
