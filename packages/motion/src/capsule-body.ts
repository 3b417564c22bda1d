/** What is to be said about a capsule at a frame, in the order of severity. */
export const CAPSULE_FINE = 0;
/** Follows something that was guessed rather than seen. */
export const CAPSULE_UNSURE = 1;
/** A foot that should stand and slides. */
export const CAPSULE_SLIDES = 2;
/** A foot that should stand and floats above the floor. */
export const CAPSULE_FLOATS = 3;
/** A foot that is in the floor. */
export const CAPSULE_SUNK = 4;
/** Below a joint that is beyond its limit or too fast. */
export const CAPSULE_JOINT = 5;
/** Touches another part of the body. */
export const CAPSULE_OVERLAPS = 6;

/** A body in capsules that moves along with a Clip of as many frames: how a machine is drawn. Clip world (Y up), metres. */
export interface CapsuleBody {
  /** Names begin with `left_` or `right_` where the capsule belongs to a side; the others follow each other upwards. */
  readonly shapes: readonly { readonly name: string; readonly radiusM: number }[];
  /** End points: `frameCount × shapes × 6`. */
  readonly endsM: Float32Array;
  /** One of `CAPSULE_FINE` … `CAPSULE_OVERLAPS`: `frameCount × shapes`. */
  readonly marks: Uint8Array;
  /** Heels and toes in the order of `CONTACT_POINTS`: `frameCount × 4 × 3`. */
  readonly solesM: Float32Array;
}
