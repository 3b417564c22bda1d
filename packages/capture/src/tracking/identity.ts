import { type Clothes, clothesDistance } from './clothes.ts';
import { isSamePerson, roiDistance } from './continuity.ts';
import type { Roi } from './roi.ts';

/** Somebody who is known: where they should be by now, and what they wear. */
export interface Known {
  readonly expected: Roi;
  readonly clothes?: Clothes;
}

/** A body in the picture. */
export interface Body {
  readonly roi: Roi;
  readonly clothes: Clothes;
}

/** Nobody's own clothes are at a larger distance from what they wore a moment ago. */
const STRANGE = 0.5;
/** Clothes that are this much like somebody's, and by so much more than like another's, are the former's. */
const FAMILIAR = 0.35;
const CLEARLY = 0.15;
/** Somebody who was lost and is met again is no stranger than this: a third of a region from where they should be, in their own clothes. */
const STRANGE_TO_MEET = 0.8;
/** Somebody whose region is farther away, in sides of it, is not there. */
const NEAR = 1;
/** Two looks at one body differ less in its clothes. */
const ONE_BODY = 0.35;
/** Where clothes cannot be compared. */
const UNKNOWN = 0.3;

const likeness = ({ clothes }: Known, body: Body): number => {
  const distance = clothes ? clothesDistance(clothes, body.clothes) : Number.NaN;
  return Number.isNaN(distance) ? UNKNOWN : distance;
};

/** Two looks at one body, rather than one at each of two who stand close together. */
const isSameBody = (a: Body, b: Body): boolean => isSamePerson(a.roi, b.roi) && !(clothesDistance(a.clothes, b.clothes) > ONE_BODY);

/** The body wears what the known person never wore. */
export const wearsOtherClothes = (known: Known, body: Body): boolean => likeness(known, body) > STRANGE;

const isNear = (known: Known, body: Body): boolean => roiDistance(known.expected, body.roi) < NEAR;

/** How little a body is the known person: distance in regions, growth and difference of the clothes together. */
const strangeness = (known: Known, body: Body): number =>
  roiDistance(known.expected, body.roi) + Math.abs(Math.log(known.expected.sidePx / body.roi.sidePx)) + likeness(known, body);

/**
 * The body wears what somebody near it wears rather than the known person, or, where there is somebody near, what the known person did
 * not wear. Who is alone is never taken for somebody else: their coat may have come off.
 */
export const isSomebodyElse = (known: Known, body: Body, others: readonly Known[]): boolean => {
  const own = likeness(known, body);
  const near = others.filter((other) => isNear(other, body));
  return (
    (near.length > 0 && wearsOtherClothes(known, body)) || near.some((other) => likeness(other, body) < Math.min(FAMILIAR, own - CLEARLY))
  );
};

/** Somebody who was lost can be the body that was met now: where there are others about, it has to suit them in place, size and clothes. */
export const canBeMetAgain = (lost: Known, body: Body, others: readonly Known[]): boolean =>
  !isSomebodyElse(lost, body, others) && (!others.some((other) => isNear(other, body)) || strangeness(lost, body) < STRANGE_TO_MEET);

/**
 * Which of the bodies that were found where people were expected are theirs. `bodies[i]` was found where `known[i]` was expected; two
 * who pass each other are often both seen in the one in front: it belongs to whom it suits best, in place, size and clothes, and the
 * other is hidden.
 *
 * @returns for each of `known` whether the body is theirs
 */
export const areTheirs = (known: readonly Known[], bodies: readonly (Body | undefined)[]): boolean[] =>
  known.map((person, i) => {
    const body = bodies[i];
    if (!body) return false;
    return bodies.every((other, j) => {
      if (i === j || !other || !isSameBody(body, other)) return true;
      const [mine, theirs] = [strangeness(person, body), strangeness(known[j], other)];
      return mine < theirs || (mine === theirs && i < j);
    });
  });
