import type { Clip } from '@gaitway/motion/clip';
import { frameCountOf } from '@gaitway/motion/resample';
import { joinShots } from '@gaitway/motion/shots';
import type { Landmarks } from '../landmarks.ts';
import { confidenceReport } from '../solve/confidence-summary.ts';
import type { Solved } from '../solve/first-solve.ts';
import type { SolveOptions } from '../solve/solve-options.ts';
import type { FrameSpan, SolveReport } from '../solve/solve-report.ts';
import { onSkeleton, stillClip, timedClip } from './shot-clips.ts';
import { foundFrames, landmarksOf, type ShotSpan } from './shot-spans.ts';
import { shotWarnings } from './shot-warnings.ts';

/** Solves the landmarks of one shot. */
export type SolveOne = (landmarks: Landmarks, span: ShotSpan) => Solved;

/** A body needs this many frames before anything can be said about how it moves. */
const FEWEST_FRAMES = 3;

interface SolvedShot extends ShotSpan, Solved {
  readonly found: number;
}

/** Where a shot lies on the even frames of the clip. */
interface Place {
  readonly from: number;
  readonly to: number;
}

/**
 * Motion of a clip with cuts: every shot is solved by itself, with nothing carried across, and they follow each other on the timeline
 * of the video. All are given the skeleton of the shot that shows the person longest. Every shot begins above the origin: where the
 * person was in relation to the shot before cannot be known. A shot without the person holds the pose before it, with confidence 0.
 *
 * Rejects what `solveOne` rejects for a clip in which no shot has enough of the person.
 */
export function solveShots(
  landmarks: Landmarks,
  spans: readonly ShotSpan[],
  solveOne: SolveOne,
  footLock: SolveOptions['footLock'] = 'auto',
): Solved {
  const [only] = spans;
  if (spans.length === 1) return solveOne(landmarks, only);
  const solved = spans.flatMap((span) => solveShot(landmarks, span, solveOne));
  if (solved.length === 0) return solveOne(landmarks, { fromFrame: 0, toFrame: landmarks.frameCount });
  const main = solved.reduce((best, shot) => (shot.found > best.found ? shot : best));
  const places = placesOf(landmarks, spans);
  const clips: Clip[] = [];
  spans.forEach((span, s) => {
    const frames = places[s].to - places[s].from;
    const shot = solved.find(({ fromFrame }) => fromFrame === span.fromFrame);
    const { heightM } = main.report.person;
    clips.push(
      shot ? timedClip(onSkeleton(shot.clip, main.clip.skeleton, heightM, footLock), frames) : held(clips, solved[0].clip, frames),
    );
  });
  const clip = joinShots(clips);
  return { clip, report: { ...joinReports(main.report, solved, spans, places), confidence: confidenceReport(clip) } };
}

/** The last pose so far; with nobody yet, the pose in which the person will appear. */
function held(before: readonly Clip[], coming: Clip, frames: number): Clip {
  const last = before.findLast(({ frameCount }) => frameCount > 0);
  return last ? stillClip(last, last.frameCount - 1, frames) : stillClip(coming, 0, frames);
}

function solveShot(landmarks: Landmarks, span: ShotSpan, solveOne: SolveOne): SolvedShot[] {
  const part = landmarksOf(landmarks, span);
  const found = foundFrames(part);
  return found < FEWEST_FRAMES ? [] : [{ ...span, ...solveOne(part, span), found }];
}

/** Even frames of each shot: a shot begins at the frame nearest to its first picture. */
function placesOf({ timesSec, frameCount, nominalFps }: Landmarks, spans: readonly ShotSpan[]): Place[] {
  const evenFrame = (frame: number): number => Math.round((timesSec[frame] - timesSec[0]) * nominalFps);
  const total = Math.max(2, frameCountOf(timesSec[frameCount - 1] - timesSec[0], nominalFps));
  return spans.map(({ fromFrame }, s) => ({ from: evenFrame(fromFrame), to: spans[s + 1] ? evenFrame(spans[s + 1].fromFrame) : total }));
}

/** Camera and person are those of the longest shot; repairs and gaps are counted on the frames of the whole clip. */
function joinReports(main: SolveReport, solved: readonly SolvedShot[], spans: readonly ShotSpan[], places: readonly Place[]): SolveReport {
  const reportOf = (span: ShotSpan): SolveReport | undefined => solved.find(({ fromFrame }) => fromFrame === span.fromFrame)?.report;
  const placed = <T extends FrameSpan>(list: readonly T[], { from, to }: Place): T[] =>
    list.map((item) => ({ ...item, from: Math.min(from + item.from, to), to: Math.min(from + item.to, to) })).filter((i) => i.to > i.from);
  return {
    ...main,
    repairs: spans.flatMap((span, s) => placed(reportOf(span)?.repairs ?? [], places[s])),
    gaps: spans.flatMap((span, s) => placed(reportOf(span)?.gaps ?? [{ from: 0, to: places[s].to - places[s].from }], places[s])),
    warnings: shotWarnings(spans.map((span) => reportOf(span)?.warnings)),
  };
}
