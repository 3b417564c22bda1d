import { readFileSync } from 'node:fs';
import { slerp } from '@gaitway/motion/rotation';

/** Ground truth of a clip (`samples/*.truth.json`): metres, Y up, floor at y = 0 (but see `pseudo`). */
export interface Truth {
  readonly clip: string;
  readonly fps: number;
  readonly joints: readonly string[];
  readonly contact_names: readonly string[];
  /** Absent where nobody measured the person. */
  readonly subject?: { readonly height_m: number };
  /** Made by cameras, not known by construction; its floor need not be at y = 0. */
  readonly pseudo?: boolean;
  /** Pinhole camera, OpenCV axes: x_cam = R·x_world + t, R row-major. */
  readonly camera: { readonly R: readonly number[]; readonly t: readonly number[] };
  /** Joint positions of the rest pose that `rot` counts from. */
  readonly rest_joints?: Readonly<Record<string, readonly number[]>>;
  /** Joints that `rot` of a frame lists. */
  readonly rot_joints?: readonly string[];
  readonly frames: readonly TruthFrame[];
}

export interface TruthFrame {
  readonly joints: readonly (readonly [number, number, number])[];
  readonly contact: readonly number[];
  /** World rotation of each of `rot_joints` from the rest pose, quaternions wxyz. */
  readonly rot?: readonly (readonly number[])[];
  /** Where the camera moves: its rotation and translation in this frame. */
  readonly R?: readonly number[];
  readonly t?: readonly number[];
}

export const readTruth = (file: string): Truth => JSON.parse(readFileSync(file, 'utf8')) as Truth;

/** Joints moving over time, one array a joint name: `frames × 3`, metres. What truth and predictions are compared as. */
export interface Tracks {
  readonly fps: number;
  readonly frameCount: number;
  readonly points: ReadonlyMap<string, Float64Array>;
}

export function truthTracks(truth: Truth): Tracks {
  const points = new Map<string, Float64Array>();
  truth.joints.forEach((name, j) => {
    points.set(name, Float64Array.from(truth.frames.flatMap((frame) => frame.joints[j])));
  });
  return { fps: truth.fps, frameCount: truth.frames.length, points };
}

/** The first frames of tracks. */
export function firstFrames(tracks: Tracks, frameCount: number): Tracks {
  const points = new Map([...tracks.points].map(([name, xyz]) => [name, xyz.subarray(0, frameCount * 3)] as const));
  return { fps: tracks.fps, frameCount, points };
}

/** Where time f / fps lies between the frames of something sampled at `ownFps`: the frame before it and how far beyond. */
interface Moment {
  readonly before: number;
  readonly after: number;
  readonly t: number;
}

function momentOf(f: number, fps: number, ownFps: number, ownCount: number): Moment {
  const x = Math.min((f * ownFps) / fps, ownCount - 1);
  const before = Math.min(Math.floor(x + 1e-6), ownCount - 1);
  return { before, after: Math.min(before + 1, ownCount - 1), t: Math.max(0, x - before) };
}

/** How many of `frameCount` frames at `fps` a prediction reaches. */
export const coveredFrames = (prediction: Pick<Tracks, 'fps' | 'frameCount'>, fps: number, frameCount: number): number =>
  Math.min(frameCount, Math.ceil((prediction.frameCount * fps) / prediction.fps - 1e-6));

/** The tracks at the times of `fps` (linear in between), `frameCount` of them; the last frame is held at the end. */
export function tracksAt(tracks: Tracks, fps: number, frameCount: number): Tracks {
  const points = new Map<string, Float64Array>();
  for (const [name, xyz] of tracks.points) {
    const out = new Float64Array(frameCount * 3);
    for (let f = 0; f < frameCount; f++) {
      const { before, after, t } = momentOf(f, fps, tracks.fps, tracks.frameCount);
      for (let k = 0; k < 3; k++) out[f * 3 + k] = xyz[before * 3 + k] + t * (xyz[after * 3 + k] - xyz[before * 3 + k]);
    }
    points.set(name, out);
  }
  return { fps, frameCount, points };
}

/** Rotations (`frames × 4`, xyzw, sampled at `ownFps`) at the times of `fps`. */
export function rotationsAt(rotations: Float64Array, ownFps: number, fps: number, frameCount: number): Float64Array {
  const out = new Float64Array(frameCount * 4);
  for (let f = 0; f < frameCount; f++) {
    const { before, after, t } = momentOf(f, fps, ownFps, rotations.length / 4);
    slerp(out, f * 4, rotations, before * 4, rotations, after * 4, t);
  }
  return out;
}
