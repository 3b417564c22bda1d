/** A point of the body that was looked for in every frame. */
export interface SeenPoint {
  /** Its place in a row of the arrays of `Sightings`. */
  readonly index: number;
  /** Body joint whose rotation carries the point. */
  readonly joint: number;
  /** Body joint next to which it lies: `joint` itself or a child of it. */
  readonly near: number;
}

/** Where the points lie on a body, `stride × 3` in the rest frames of their joints, metres. */
export interface Marks {
  /** What the picture shows, and what the positions relative to the body refer to: the two need not be one place. */
  readonly image: Float64Array;
  readonly world: Float64Array;
  /** Where the positions relative to the body are measured from, in the rest frame of the pelvis, 3 numbers. */
  readonly origin: Float64Array;
}

/**
 * What was seen of a body in every frame and how far it is believed: all that the fit knows of whoever looked. Rows of the arrays
 * are frames of `stride` places.
 */
export interface Sightings {
  readonly fps: number;
  readonly frameCount: number;
  readonly stride: number;
  readonly points: readonly SeenPoint[];
  /** Marks of a body with these joint offsets (`BODY_JOINT_COUNT × 3`, metres) and height. */
  readonly marksOf: (offsets: Float64Array, heightM: number) => Marks;
  /** Metres of this person in a metre of `bodyM`, before anything is fitted, and how far (relative) that may be off. */
  readonly bodyScale: (heightM: number) => { readonly scale: number; readonly sd: number };
  /** `frameCount × stride × 2`, pixels, x right, y down. */
  readonly imagePx: Float64Array;
  /** `frameCount × stride × 3`, metres of the observer's own body: x right, y up, z towards the camera. */
  readonly bodyM: Float64Array;
  /** `frameCount × stride`: standard deviation in the picture at the distance of the body, metres. */
  readonly imageSigmaM: Float32Array;
  /** `frameCount × stride × 2`: standard deviations of `bodyM` across and along the viewing direction, metres. */
  readonly bodySigmaM: Float32Array;
  /** `frameCount × stride`: weights of the two kinds of position; 0 = not seen. */
  readonly imageShare: Float32Array;
  readonly bodyShare: Float32Array;
}
