import { GaitwayError } from '@gaitway/motion/errors';
import { clothesDistance } from '../tracking/clothes.ts';
import { mainSubject, type SubjectChoice, subjectAt, subjectNumbered } from '../tracking/subject.ts';
import type { Appearance } from './appearances.ts';
import type { ShotSpan } from './shot-spans.ts';

/** Clothes this much alike, in two shots, … */
const ALIKE = 0.4;
/** … and by so much more than anybody else's, are one person's. */
const CLEARLY = 0.1;

/**
 * The subject of every shot, undefined where nobody is in it: whoever was chosen, else the person whom the whole clip is most about, and
 * in the other shots whoever wears the same. Where clothes do not tell, each shot has the person that it is about; where they tell that
 * this is another one of those who were seen beside the subject, it has none. Throws `no_person_detected` where no shot has anybody.
 */
export const chooseSubjects = (
  people: readonly Appearance[],
  spans: readonly ShotSpan[],
  timesSec: Float64Array,
  choice: SubjectChoice | undefined,
): (Appearance | undefined)[] => {
  if (people.length === 0) throw new GaitwayError('no_person_detected');
  const shotOfFrame = (frame: number): number => spans.findIndex(({ toFrame }) => frame < toFrame);
  const chosen = choice && ('index' in choice ? subjectNumbered(people, choice) : subjectAt(people, choice, timesSec, shotOfFrame));
  const lead = chosen ?? mainSubject(people);
  return spans.map((_, shot) => {
    const here = people.filter((person) => person.shot === shot);
    return lead && lead.shot !== shot ? sameIn(here, lead, people) : lead;
  });
};

/** The lead of another shot among the people of this one. */
const sameIn = (here: readonly Appearance[], lead: Appearance, people: readonly Appearance[]): Appearance | undefined => {
  const known = recognised(lead, here);
  if (known) return known;
  const main = mainSubject(here);
  const beside = people.filter((person) => person.shot === lead.shot);
  return main && isSomebodyBeside(main, lead, beside) ? undefined : main;
};

const unlikeness = (a: Appearance, b: Appearance): number => (a.clothes && b.clothes ? clothesDistance(a.clothes, b.clothes) : Number.NaN);

/** The one of several people who wears what `person` wears; undefined if nobody does, or more than one. */
const recognised = (person: Appearance, among: readonly Appearance[]): Appearance | undefined => {
  const [best, next] = among
    .map((other) => ({ other, distance: unlikeness(person, other) }))
    .filter(({ distance }) => !Number.isNaN(distance))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance < ALIKE && !(next && next.distance < best.distance + CLEARLY) ? best.other : undefined;
};

/** Whether this is one of those who were seen beside the lead, rather than the lead. */
const isSomebodyBeside = (person: Appearance, lead: Appearance, beside: readonly Appearance[]): boolean => {
  const known = recognised(person, beside);
  return known !== undefined && known !== lead;
};
