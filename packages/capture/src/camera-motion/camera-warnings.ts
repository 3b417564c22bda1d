import type { BackgroundReport } from '../solve/solve-report.ts';
import type { CameraVerdict } from './camera-motion.ts';
import { LEAST_FOLLOWED } from './judge-camera.ts';
import { MOST_PAN_RAD } from './steady-view.ts';

/** From these on a camera is suspected to travel or zoom: what errors of the focal length and of the matching leave lies below. */
const SUSPECT_PARALLAX = 0.055;
const SUSPECT_ZOOM = 1.06;

/** The camera seems to change its place: no rotation explains how the background moves. */
const seemsToTravel = ({ parallax, zoom }: CameraVerdict): boolean => parallax > SUSPECT_PARALLAX || zoom > SUSPECT_ZOOM;

export const backgroundReport = (verdict: CameraVerdict): BackgroundReport => ({
  followed: verdict.followed,
  panDeg: ((verdict.motion?.panRad ?? 0) * 180) / Math.PI,
  zoom: verdict.zoom,
  parallax: verdict.parallax,
  translationSuspected: seemsToTravel(verdict),
});

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const degrees = (rad: number): string => `${Math.round((rad * 180) / Math.PI)}°`;

/** Sentences about the camera of a shot; none for a camera that stands still. */
export function cameraWarnings(verdict: CameraVerdict): string[] {
  const { motion, followed, breaks, zoom, parallax } = verdict;
  const out: string[] = [];
  if (followed < LEAST_FOLLOWED)
    out.push('Too little of the background can be followed to tell whether the camera moves: it is taken to stand still.');
  if (motion && motion.panRad > MOST_PAN_RAD)
    out.push(
      `The camera turns by up to ${degrees(motion.panRad)} from its middle direction: beyond ${degrees(MOST_PAN_RAD)} the path is wrong.`,
    );
  if (motion && breaks > 0)
    out.push(`The background was lost ${breaks === 1 ? 'once' : `${breaks} times`} while the camera moved: the heading may jump there.`);
  if (parallax > SUSPECT_PARALLAX)
    out.push(
      `The camera seems to travel (camera_translation_suspected): ${percent(parallax)} of the background's movement is near things passing far ones. ` +
        'Only its turning is taken out; the path of the person is off by as much as the camera went.',
    );
  if (zoom > SUSPECT_ZOOM)
    out.push(
      `The background changes its size by ${percent(zoom - 1)}: the camera zooms, or travels forwards or backwards ` +
        '(camera_translation_suspected). Distances to the camera are wrong by as much.',
    );
  return out;
}
