import { GaitwayError } from '@gaitway/motion/errors';
import { mainSubject, type SubjectChoice, subjectAt, subjectNumbered } from '../tracking/subject.ts';
import type { Appearance } from './appearances.ts';
import type { ShotSpan } from './shot-spans.ts';

/**
 * The subject of every shot, undefined where nobody is in it: whoever was chosen in the shot in which the choice falls, and in the
 * others the person that the shot is about. Throws `no_person_detected` where no shot has anybody.
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
  return spans.map((_, shot) => (chosen?.shot === shot ? chosen : mainSubject(people.filter((person) => person.shot === shot))));
};
