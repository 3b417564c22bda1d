import type { Landmarks } from '../landmarks.ts';
import { type BackwardRows, type BackwardScene, followBackwards } from '../tracking/backward.ts';
import { isSamePerson } from '../tracking/continuity.ts';
import { assembleLandmarks, type RecordedRows, rowsWithin } from '../tracking/recorded-rows.ts';
import type { Roi } from '../tracking/roi.ts';
import type { SubjectChoice } from '../tracking/subject.ts';
import type { WatchedClip } from '../tracking/watch-clip.ts';
import { dissolveMiddleSec } from '../video/dissolves.ts';
import { type Appearance, appearancesOf, type FollowedPerson, type Sighting, withFound } from './appearances.ts';
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
  watched: Pick<WatchedClip, 'timesSec' | 'cutsSec' | 'dissolves'> & { readonly tracks: readonly FollowedPerson[] },
  scene: BackwardScene,
  choice: SubjectChoice | undefined,
): Promise<FollowedSubjects> => {
  const { timesSec } = watched;
  const { widthPx, heightPx, fps } = scene.video;
  const spans = shotSpans(timesSec, [...watched.cutsSec, ...watched.dissolves.map(dissolveMiddleSec)]);
  const people = appearancesOf(watched.tracks, spans, scene.video);
  const subjects = chooseSubjects(people, spans, timesSec, choice);
  const full = new Map<Appearance, Appearance>();
  for (const subject of subjects) if (subject) full.set(subject, await withoutDelays(subject, people, spans, scene));
  const chosen = subjects.flatMap((subject) => (subject && full.get(subject)) ?? []);
  const numbered = people.map((person) => full.get(person) ?? person);
  const clip = { widthPx, heightPx, nominalFps: fps, timesSec };
  const stepSec = pathStepSec(numbered, timesSec);
  const endSec = timesSec[timesSec.length - 1] + 1 / fps;
  return {
    landmarks: assembleLandmarks(
      clip,
      chosen.flatMap(({ rows, found = [] }) => [rows, ...found.map((part) => part.rows)]),
    ),
    mirrored: scene.mirror
      ? assembleLandmarks(
          clip,
          chosen.flatMap(({ mirroredRows, found = [] }) => present([mirroredRows, ...found.map((part) => part.mirroredRows)])),
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

/** Where somebody was found who may have been there before: first sighting, and the frame up to which to look. */
interface Meeting {
  readonly frame: number;
  readonly fromFrame: number;
}

/** Frames in which the person was found after they had not been, with the frames before that which can be theirs: none at `arrivals`. */
export const meetingsOf = (
  { firstFrame, rowCount, seen }: RecordedRows,
  shotStart: number,
  arrivals: ReadonlySet<number> = new Set(),
): Meeting[] => {
  const meetings: Meeting[] = [];
  let fromFrame = shotStart;
  for (let row = 0; row < rowCount; row++) {
    if (seen[row] !== 1) continue;
    const frame = firstFrame + row;
    if (frame > fromFrame && !arrivals.has(frame)) meetings.push({ frame, fromFrame });
    fromFrame = frame + 1;
  }
  return meetings;
};

/** The subject with what is found of it before it was noticed, first and after every loss: people are noticed with some delay. */
const withoutDelays = async (
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
  const found: BackwardRows[] = [];
  const { rows, arrivals } = subject;
  for (const { frame, fromFrame } of meetingsOf(rows, spans[subject.shot].fromFrame, arrivals)) {
    const start = rowsWithin(rows, frame, rows.firstFrame + rows.rowCount);
    const part = start && (await followBackwards(scene, start, fromFrame, isTaken));
    if (part) found.push(part);
  }
  return found.length > 0 ? withFound(subject, found, scene.video) : subject;
};

/** Torsos compare better than boxes: a region is about this many of them. */
const TORSOS_A_REGION = 5;

const regionOf = ({ hipXPx, hipYPx, torsoPx }: Sighting, { angleRad }: Roi): Roi => ({
  centerXPx: hipXPx,
  centerYPx: hipYPx,
  sidePx: torsoPx * TORSOS_A_REGION,
  angleRad,
});
