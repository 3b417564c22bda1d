import { APART, FOCAL_COUNT, FOCAL_REACH, FOCAL_STEP } from './lens-profile.ts';

/** Belief in the logarithm of a focal length over the assumed one. */
export interface LensBelief {
  readonly mean: number;
  readonly sd: number;
  /** Share of lenses of quite another kind (very wide, very long); default none. */
  readonly others?: number;
}

/** What lines of all of a picture have in common: the lens bends, the centre is not the middle. */
const COMMON_SD = 0.03;
/** Edges without any order fit some axes by chance by so much, logarithm; and edges are never believed beyond a doubt. */
const CHANCE = 12;
const DOUBT = -8;
/** How far the logarithms of other lenses are spread. */
const OTHER_SD = 0.5;

/** Whether edges are those of a room rather than strays. */
export const isRoom = (scores: Float64Array): boolean => best(scores) > CHANCE;

/** The belief after looking at the edges: how likely they are for each focal length (`FOCAL_COUNT` logarithms, see `LensProfile`). */
export function believe(prior: LensBelief, scores: Float64Array): LensBelief {
  // A lens that is longer or shorter than all that were compared.
  if (Math.abs(prior.mean) > FOCAL_REACH * FOCAL_STEP - prior.sd) return prior;
  const likelihood = blurred(scores);
  let [sum, first, second] = [0, 0, 0];
  for (let i = 0; i < FOCAL_COUNT; i++) {
    const log = (i - FOCAL_REACH) * FOCAL_STEP;
    const weight = likelihood[i] * priorAt(prior, log);
    sum += weight;
    first += weight * log;
    second += weight * log * log;
  }
  const mean = first / sum;
  return { mean, sd: Math.sqrt(Math.max(0, second / sum - mean * mean)) };
}

function priorAt({ mean, sd, others = 0 }: LensBelief, log: number): number {
  const bell = (width: number): number => Math.exp(-0.5 * ((log - mean) / width) ** 2) / width;
  return (1 - others) * bell(sd) + others * bell(Math.max(sd, OTHER_SD));
}

/** Likelihoods, the best near 1, spread by what all lines have in common. */
function blurred(scores: Float64Array): Float64Array {
  const most = best(scores);
  const doubt = Math.exp(Math.max(DOUBT, APART * (CHANCE - most)));
  const reach = Math.ceil((4 * COMMON_SD) / FOCAL_STEP);
  const sharp = scores.map((score) => Math.exp(APART * (score - most)));
  return sharp.map((_, i) => {
    let sum = 0;
    let weights = 0;
    for (let d = -reach; d <= reach; d++) {
      const weight = Math.exp(-0.5 * ((d * FOCAL_STEP) / COMMON_SD) ** 2);
      weights += weight;
      sum += weight * sharp[Math.max(0, Math.min(FOCAL_COUNT - 1, i + d))];
    }
    return sum / weights + doubt;
  });
}

const best = (scores: Float64Array): number => scores.reduce((a, b) => Math.max(a, b));
