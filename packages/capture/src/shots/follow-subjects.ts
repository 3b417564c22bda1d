import type { Landmarks } from '../landmarks.ts';
import { type BackwardRows, type BackwardScene, followBackwards } from '../tracking/backward.ts';
import { isSamePerson } from '../tracking/continuity.ts';
import { assembleLandmarks, type RecordedRows } from '../tracking/recorded-rows.ts';
import type { Roi } from '../tracking/roi.ts';
import type { SubjectChoice } from '../tracking/subject.ts';
import type { WatchedClip } from '../tracking/watch-clip.ts';
import { dissolveMiddleSec } from '../video/dissolves.ts';
import { type Appearance, appearancesOf, type Sighting, withEarlierRows } from './appearances.ts';
import { type PersonSummary, pathStepSec, summarisePerson } from './person-summary.ts';
import { type ShotSpan, shotSpans } from './shot-spans.ts';
import { chooseSubjects } from './subjects.ts';

/** A shot of the clip. Times are seconds from the start of the (trimmed) clip, frames those of the landmarks. */
export interface ShotSummary extends ShotSpan {
  readonly fromSec: number;
  readonly toSec: number;
  /** Number of the person whose motion it is; null where nobody is in the shot. */
  readonly subject: number | null;
}

export interface FollowedSubjects {
  readonly landmarks: Landmarks;
  readonly mirrored: Landmarks | undefined;
  readonly people: readonly PersonSummary[];
  readonly shots: readonly ShotSummary[];
}

/** From everybody who was seen to the landmarks of the person whom the clip is about, in every shot from the first frame they are in. */
export const followSubjects = async (
  watched: Pick<WatchedClip, 'tracks' | 'timesSec' | 'cutsSec' | 'dissolves'>,
  scene: BackwardScene,
  choice: SubjectChoice | undefined,
): Promise<FollowedSubjects> => {
  const { timesSec } = watched;
  const { widthPx, heightPx, fps } = scene.video;
  const spans = shotSpans(timesSec, [...watched.cutsSec, ...watched.dissolves.map(dissolveMiddleSec)]);
  const people = appearancesOf(watched.tracks, spans, scene.video);
  const subjects = chooseSubjects(people, spans, timesSec, choice);
  const full = new Map<Appearance, Appearance>();
  for (const subject of subjects) if (subject) full.set(subject, await fromTheStart(subject, people, spans, scene));
  const chosen = subjects.flatMap((subject) => (subject && full.get(subject)) ?? []);
  const numbered = people.map((person) => full.get(person) ?? person);
  const clip = { widthPx, heightPx, nominalFps: fps, timesSec };
  const stepSec = pathStepSec(numbered, timesSec);
  const endSec = timesSec[timesSec.length - 1] + 1 / fps;
  return {
    landmarks: assembleLandmarks(
      clip,
      chosen.flatMap(({ earlierRows, rows }) => present([earlierRows?.rows, rows])),
    ),
    mirrored: scene.mirror
      ? assembleLandmarks(
          clip,
          chosen.flatMap(({ earlierRows, mirroredRows }) => present([earlierRows?.mirroredRows, mirroredRows])),
        )
      : undefined,
    people: numbered.map((person, index) => summarisePerson(person, { index, isSubject: chosen.includes(person), timesSec, stepSec })),
    shots: spans.map((span, shot) => ({
      ...span,
      fromSec: timesSec[span.fromFrame],
      toSec: span.toFrame < timesSec.length ? timesSec[span.toFrame] : endSec,
      subject: numberOf(people, subjects[shot]),
    })),
  };
};

const present = (rows: readonly (RecordedRows | undefined)[]): RecordedRows[] => rows.filter((part) => part !== undefined);

const numberOf = (people: readonly Appearance[], person: Appearance | undefined): number | null => (person ? people.indexOf(person) : null);

/** The subject with what is found of it before it was noticed. */
const fromTheStart = async (
  subject: Appearance,
  people: readonly Appearance[],
  spans: readonly ShotSpan[],
  scene: BackwardScene,
): Promise<Appearance> => {
  const others = people.filter((person) => person !== subject && person.shot === subject.shot);
  const sighted = new Map<number, Sighting[]>();
  for (const sighting of others.flatMap(({ sightings }) => sightings)) {
    sighted.set(sighting.frame, [...(sighted.get(sighting.frame) ?? []), sighting]);
  }
  const isTaken = (frame: number, roi: Roi): boolean =>
    sighted.get(frame)?.some((other) => isSamePerson(regionOf(other, roi), roi)) ?? false;
  const earlier: BackwardRows | undefined = await followBackwards(scene, subject.rows, spans[subject.shot].fromFrame, isTaken);
  return earlier ? withEarlierRows(subject, earlier, scene.video) : subject;
};

/** Torsos compare better than boxes: a region is about this many of them. */
const TORSOS_A_REGION = 5;

const regionOf = ({ hipXPx, hipYPx, torsoPx }: Sighting, { angleRad }: Roi): Roi => ({
  centerXPx: hipXPx,
  centerYPx: hipYPx,
  sidePx: torsoPx * TORSOS_A_REGION,
  angleRad,
});
