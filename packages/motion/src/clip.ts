import type { Skeleton } from './skeleton.ts';

/** The four contact points of a body, in the order of `Clip.contacts`. */
export const CONTACT_POINTS = ['l_heel', 'l_toe', 'r_heel', 'r_toe'] as const;

/**
 * Motion of one skeleton: the one value that flows through Gaitway.
 *
 * World: metres, right-handed, Y up, floor at y = 0, the pelvis of the first frame above the origin. A person who faces the
 * camera faces +Z; the image's right (that person's left) is +X. Frame k is at t = k / fps; a clip of duration d has
 * round(d · fps) + 1 frames.
 *
 * Treated as immutable: functions that change motion return a new Clip.
 */
export interface Clip {
  readonly skeleton: Skeleton;
  readonly fps: number;
  readonly frameCount: number;
  /** `frameCount × 3`: world position of joint 0, metres. */
  readonly rootTranslationM: Float32Array;
  /** `frameCount × joints × 4`: rotation of each joint relative to its parent (rest orientation included), unit quaternions xyzw. */
  readonly rotations: Float32Array;
  /** `frameCount × 4`: 1 where the point of `CONTACT_POINTS` is planted on the floor. */
  readonly contacts: Uint8Array;
  /** `frameCount × joints`: how far the pose of the joint can be trusted, 0 (guessed) to 1 (seen). */
  readonly confidence: Float32Array;
  /**
   * First frames of the shots after the first, where the source is cut: increasing, inside the clip. The motion jumps there, and
   * nothing may be filtered, locked or interpolated across (see `shots.ts`). Left out for a clip in one shot.
   */
  readonly shotStarts?: readonly number[];
}

/** Duration from the first to the last frame, seconds. */
export const clipDurationSec = (clip: Clip): number => (clip.frameCount - 1) / clip.fps;
