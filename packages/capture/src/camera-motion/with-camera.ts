import type { Landmarks } from '../landmarks.ts';
import type { CameraTrack } from './camera-motion.ts';

interface Seen {
  readonly landmarks: Landmarks;
  readonly mirrored?: Landmarks | undefined;
}

/** Landmarks that know what the background said about the camera. */
export const withCamera = ({ landmarks, mirrored }: Seen, camera: CameraTrack): Seen => ({
  landmarks: { ...landmarks, camera },
  ...(mirrored && { mirrored: { ...mirrored, camera } }),
});
