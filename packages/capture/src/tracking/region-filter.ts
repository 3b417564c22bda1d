import { OneEuroFilter, type OneEuroOptions } from './one-euro.ts';
import { type Roi, roiFromAlignment } from './roi.ts';

const OPTIONS: OneEuroOptions = { minCutoffHz: 0.01, beta: 10, derivativeCutoffHz: 1 };

/** Turns the alignment points of one frame into the region for the next, steadied: the network is sensitive to a jumping square. */
export class RegionFilter {
  readonly #filters = Array.from({ length: 4 }, () => new OneEuroFilter(OPTIONS));

  reset(): void {
    for (const filter of this.#filters) filter.reset();
  }

  /** `alignmentPx` is `2 × 2` as in `Pose`; `sidePx` is the side of the square that they were found in. */
  next(alignmentPx: Float32Array, timeSec: number, sidePx: number): Roi {
    const steady = (k: number): number => this.#filters[k].next(alignmentPx[k], timeSec, 1 / sidePx);
    return roiFromAlignment(steady(0), steady(1), steady(2), steady(3));
  }
}
