/** What is to be said about a capsule at a frame, in the order of severity. */
export const CAPSULE_FINE = 0;
/** Follows something that was guessed rather than seen. */
export const CAPSULE_UNSURE = 1;
/** Breaks a rule: touches the body, moves too fast or beyond its limit. */
export const CAPSULE_VIOLATED = 2;

/** A body in capsules that moves along with a Clip of as many frames: how a machine is drawn. Clip world (Y up), metres. */
export interface CapsuleBody {
  /** Names begin with `left_` or `right_` where the capsule belongs to a side; the others follow each other upwards. */
  readonly shapes: readonly { readonly name: string; readonly radiusM: number }[];
  /** End points: `frameCount × shapes × 6`. */
  readonly endsM: Float32Array;
  /** One of `CAPSULE_FINE`, `CAPSULE_UNSURE`, `CAPSULE_VIOLATED`: `frameCount × shapes`. */
  readonly marks: Uint8Array;
  /** Heels and toes in the order of `CONTACT_POINTS`: `frameCount × 4 × 3`. */
  readonly solesM: Float32Array;
}
