/** Wall-clock seconds spent in each named stage; what the manifest calls `timings`. */
export class StageTimer {
  readonly #seconds = new Map<string, number>();

  async time<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const startMs = performance.now();
    try {
      return await work();
    } finally {
      this.add(stage, (performance.now() - startMs) / 1000);
    }
  }

  add(stage: string, seconds: number): void {
    this.#seconds.set(stage, (this.#seconds.get(stage) ?? 0) + seconds);
  }

  /** Seconds by stage, to the millisecond. */
  toTimings(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#seconds].map(([stage, seconds]) => [stage, Math.round(seconds * 1000) / 1000]));
  }
}
