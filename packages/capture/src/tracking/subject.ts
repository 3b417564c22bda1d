import type { PersonTrack } from './person-track.ts';

/** The person at this place (pixels of the source) at this time (seconds of the trimmed clip). */
export interface SubjectPoint {
  readonly xPx: number;
  readonly yPx: number;
  readonly timeSec: number;
}

/** The person that the clip is about: the one who fills most of it, best visible. Undefined if there is nobody. */
export const mainSubject = (tracks: readonly PersonTrack[]): PersonTrack | undefined =>
  tracks.reduce<PersonTrack | undefined>((best, track) => (best && best.weight >= track.weight ? best : track), undefined);

/** The frame whose time is closest to `timeSec`. */
const frameAt = (timesSec: Float64Array, timeSec: number): number =>
  timesSec.reduce((best, time, i) => (Math.abs(time - timeSec) < Math.abs(timesSec[best] - timeSec) ? i : best), 0);

/** Newcomers are noticed with some delay: whoever is in sight this close to the time counts as there. */
const TOLERANCE_SEC = 0.5;

/** The person whose hips are nearest to the point, among those who are in sight closest to its time. */
export const subjectAt = (tracks: readonly PersonTrack[], point: SubjectPoint, timesSec: Float64Array): PersonTrack | undefined => {
  const frame = frameAt(timesSec, point.timeSec);
  const candidates = tracks.flatMap((track) => {
    const hips = track.plain.hipsNear(frame);
    if (!hips) return [];
    const awaySec = Math.max(0, Math.abs(timesSec[hips.frame] - timesSec[frame]) - TOLERANCE_SEC);
    return [{ track, awaySec, distancePx: Math.hypot(hips.xPx - point.xPx, hips.yPx - point.yPx) }];
  });
  candidates.sort((a, b) => a.awaySec - b.awaySec || a.distancePx - b.distancePx);
  return candidates[0]?.track;
};
