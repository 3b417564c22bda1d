import type { LensBelief } from '../lens/lens-belief.ts';
import { believe } from '../lens/lens-belief.ts';
import type { LensProfile } from '../lens/lens-profile.ts';
import type { SeenLens } from '../solve/camera.ts';
import { PRIOR_FOCAL_PER_DIAGONAL, UNSEEN_LENS } from '../solve/camera.ts';
import type { CameraTrack, CameraVerdict } from './camera-motion.ts';

/** Few lenses are of another kind than those that are assumed. */
const PRIOR = { ...UNSEEN_LENS, others: 0.05 };
/** What one picture's focal length is off by, and what all of a clip have in common (distortion, a hand that also moves). */
const PICTURE_SD = 0.08;
const COMMON_SD = 0.03;
/** Pictures that disagree more, or a background that grows or shrinks more: the camera zooms or travels, which is no lens. */
const MOST_SPREAD = 0.1;
const MOST_ZOOM = 1.12;
/** Edges that leave more open have shown nothing: their opinion would be little more than chance. */
const LEARNED_SD = 0.1;

/** Diagonal of 35 mm film, millimetres; and how much longer a lens is for video, whose picture is cut out of the sensor's (16:9, steadied). */
const FILM_DIAGONAL_MM = 43.27;
const VIDEO_CROP = 1.2;
/** How far that differs from phone to phone and mode to mode. */
const TAG_SD = 0.1;

/** Logarithm of the focal length over the assumed one, from that which the camera wrote into the file, mm of 35 mm film. */
export const taggedLensLog = (lens35mm: number): number => Math.log((lens35mm * VIDEO_CROP) / FILM_DIAGONAL_MM / PRIOR_FOCAL_PER_DIAGONAL);

/**
 * What is known of the lens of a shot: by the pans of the camera, by the edges of the background, by what is written in the file, or by
 * what lenses usually are.
 */
export function seenLens(
  track: Pick<CameraTrack, 'lensLogs' | 'edges' | 'taggedLog'>,
  { motion, zoom }: Pick<CameraVerdict, 'motion' | 'zoom'>,
): SeenLens {
  const { taggedLog } = track;
  const start = taggedLog === undefined ? PRIOR : { mean: taggedLog, sd: TAG_SD, others: PRIOR.others, source: 'file' as const };
  if (zoom > MOST_ZOOM) return start;
  const panned = motion && track.lensLogs ? seenByPans(track.lensLogs) : undefined;
  const before = panned ? { ...together(start, panned), source: 'background' as const } : start;
  const profiles = (track.edges ?? []).map(({ profile }) => profile);
  if (profiles.length === 0) return before;
  const after = believe(before, meanScores(profiles));
  return after.sd < Math.min(LEARNED_SD, before.sd) ? { ...after, source: panned ? 'background' : 'lines' } : before;
}

/** The median of the pictures of pans; undefined where they show nothing. */
function seenByPans(lensLogs: Float32Array): LensBelief | undefined {
  const logs = [...lensLogs].filter(Number.isFinite).sort((a, b) => a - b);
  if (logs.length === 0) return undefined;
  const middle = (logs[(logs.length - 1) >> 1] + logs[logs.length >> 1]) / 2;
  const spread = Math.sqrt(logs.reduce((sum, log) => sum + (log - middle) ** 2, 0) / logs.length);
  return spread > MOST_SPREAD ? undefined : { mean: middle, sd: Math.hypot(PICTURE_SD / Math.sqrt(logs.length), COMMON_SD) };
}

/** Two beliefs that know nothing of each other, each weighed by how sure it is. */
function together(a: LensBelief, b: LensBelief): LensBelief {
  const [wa, wb] = [a.sd ** -2, b.sd ** -2];
  return { mean: (wa * a.mean + wb * b.mean) / (wa + wb), sd: (wa + wb) ** -0.5 };
}

/** Several looks at one background agree or disagree; they do not know more than one. */
const meanScores = (profiles: readonly LensProfile[]): Float64Array =>
  profiles[0].scores.map((_, i) => profiles.reduce((sum, { scores }) => sum + scores[i], 0) / profiles.length);
