import type { Picture } from '../tracking/picture.ts';
import { detailCorrelation, emptySignature, type LumaSignature, signatureDistance, signatureOf } from './luma-signature.ts';

/** A gradual transition from one shot to another, seconds. */
export interface Dissolve {
  readonly fromSec: number;
  readonly toSec: number;
}

/** Where the new picture becomes the stronger one. */
export const dissolveMiddleSec = ({ fromSec, toSec }: Dissolve): number => (fromSec + toSec) / 2;

/** Pictures are compared this often, and over at most so many steps: transitions of a third of a second to two and a half. */
const STEP_SEC = 0.12;
const FEWEST_STEPS = 3;
const MOST_STEPS = 20;
/** What lies before and after are two places: far apart, and with other detail. */
const LEAST_DISTANCE = 0.06;
const OTHER_DETAIL = 0.35;
/** Every picture between is a blend of the two, but for this part of their difference: motion is no blend. */
const MOST_RESIDUAL = 0.3;
/** A blend that is neither nearly the one nor nearly the other. */
const BETWEEN = 0.12;
/** The share of the new picture only grows, but for noise; before the last picture it is not all of it yet. */
const SLACK = 0.04;

interface Seen {
  readonly timeSec: number;
  readonly signature: LumaSignature;
}

/**
 * Finds dissolves and fades in a stream of pictures: for a while every picture is a blend of the one before and the one after the
 * transition. Works on small signatures of the luma, so that it can listen to a decode that is running anyway.
 */
export class DissolveDetector {
  /** The newest last. */
  readonly #seen: Seen[] = [];
  readonly #found: Dissolve[] = [];

  /** Shows the next picture; its planes are not kept. */
  next(picture: Pick<Picture, 'widthPx' | 'heightPx' | 'y' | 'fullRange'>, timeSec: number): void {
    const last = this.#seen.at(-1);
    if (last && timeSec < last.timeSec + STEP_SEC) return;
    const reused = this.#seen.length > MOST_STEPS ? this.#seen.shift()?.signature : undefined;
    this.#seen.push({ timeSec, signature: signatureOf(picture, reused ?? emptySignature()) });
    this.#look();
  }

  /** In the order of time. */
  get found(): readonly Dissolve[] {
    return this.#found;
  }

  /** The shortest blend that ends with the newest picture; those that overlap are one transition. */
  #look(): void {
    const end = this.#seen.length - 1;
    for (let start = end - FEWEST_STEPS; start >= 0; start--) {
      if (!isBlend(this.#seen.slice(start))) continue;
      const dissolve = { fromSec: this.#seen[start].timeSec, toSec: this.#seen[end].timeSec };
      const before = this.#found.at(-1);
      if (before && before.toSec >= dissolve.fromSec) this.#found[this.#found.length - 1] = { ...dissolve, fromSec: before.fromSec };
      else this.#found.push(dissolve);
      return;
    }
  }
}

/** Whether the first picture turns into the last by blending. */
const isBlend = (seen: readonly Seen[]): boolean => {
  const [from, to] = [seen[0].signature, seen[seen.length - 1].signature];
  if (signatureDistance(from, to) < LEAST_DISTANCE || detailCorrelation(from, to) > OTHER_DETAIL) return false;
  let shareBefore = 0;
  let between = 0;
  for (const { signature } of seen.slice(1, -1)) {
    const { share, residual } = blendOf(from, to, signature);
    if (residual > MOST_RESIDUAL || share < shareBefore - SLACK) return false;
    shareBefore = Math.max(share, shareBefore);
    if (share > BETWEEN && share < 1 - BETWEEN) between++;
  }
  return between >= FEWEST_STEPS - 1 && shareBefore < 1 - SLACK;
};

/** `middle ≈ from + share · (to − from)`; `residual`: what is left of it, in lengths of the difference. */
const blendOf = (from: LumaSignature, to: LumaSignature, middle: LumaSignature): { readonly share: number; readonly residual: number } => {
  let [along, length, whole] = [0, 0, 0];
  for (let i = 0; i < from.cells.length; i++) {
    const difference = to.cells[i] - from.cells[i];
    const part = middle.cells[i] - from.cells[i];
    along += part * difference;
    length += difference * difference;
    whole += part * part;
  }
  if (length === 0) return { share: 0, residual: Number.POSITIVE_INFINITY };
  const share = along / length;
  return { share, residual: Math.sqrt(Math.max(0, whole - share * along) / length) };
};

/** A sentence for the manifest about gradual transitions; none for a clip without. */
export const dissolveWarnings = (dissolves: readonly Dissolve[]): string[] => {
  if (dissolves.length === 0) return [];
  const SHOWN = 6;
  const times = dissolves.slice(0, SHOWN).map(({ fromSec, toSec }) => `${fromSec.toFixed(1)}–${toSec.toFixed(1)} s`);
  const more = dissolves.length > SHOWN ? ` and ${dissolves.length - SHOWN} more` : '';
  return [`One picture fades into another at ${times.join(', ')}${more}: the motion there is not real; trim to one shot.`];
};
