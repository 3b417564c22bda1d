import type { Skeleton } from '@gaitway/motion/skeleton';

/**
 * A skeleton, its motion and perhaps a skin: what a file of any format is written from.
 * Metres, right-handed, Y up, floor at y = 0; each writer converts to the unit its format expects.
 */
export interface MotionScene {
  /** Name of the animation (take). */
  readonly name: string;
  /** Rest pose. Joint 0 is the top of the hierarchy; its rest translation is its place in the world. */
  readonly skeleton: Skeleton;
  readonly fps: number;
  readonly frameCount: number;
  /** `frameCount × joints × 4`: rotation relative to the parent joint, rest orientation included, xyzw. */
  readonly rotations: Float32Array;
  /** Translation relative to the parent joint of the joints that move, `frameCount × 3` metres; the others stay at rest. */
  readonly translationsM: ReadonlyMap<number, Float32Array>;
  readonly mesh?: SkinnedMesh;
}

/** Influences of a vertex. */
export const INFLUENCES = 4;

/** A triangle mesh bound to a skeleton in its rest pose. Counter-clockwise triangles face outwards. */
export interface SkinnedMesh {
  readonly name: string;
  /** `vertices × 3`, world position in the rest pose, metres. */
  readonly positionsM: Float32Array;
  /** `vertices × 3`, unit. */
  readonly normals: Float32Array;
  /** `triangles × 3`, vertex indices. */
  readonly triangles: Uint32Array;
  /** `vertices × 4`: joints that move the vertex. */
  readonly joints: Uint16Array;
  /** `vertices × 4`: their weights, ≥ 0, sum 1; unused ones are 0. */
  readonly weights: Float32Array;
  /** Base colour, linear RGB 0..1. */
  readonly color: readonly [number, number, number];
}
