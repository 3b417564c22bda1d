import { readFileSync } from 'node:fs';

/** Ground truth of a sample clip (`samples/*.truth.json`): metres, Y up, floor at y = 0. */
export interface Truth {
  readonly clip: string;
  readonly fps: number;
  readonly joints: readonly string[];
  readonly contact_names: readonly string[];
  readonly subject: { readonly height_m: number };
  /** Pinhole camera, OpenCV axes: x_cam = R·x_world + t, R row-major. */
  readonly camera: { readonly R: readonly number[]; readonly t: readonly number[] };
  readonly frames: readonly TruthFrame[];
}

export interface TruthFrame {
  readonly joints: readonly (readonly [number, number, number])[];
  readonly contact: readonly number[];
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

/** The tracks at the times of `fps` (linear in between), `frameCount` of them; the last frame is held at the end. */
export function tracksAt(tracks: Tracks, fps: number, frameCount: number): Tracks {
  const points = new Map<string, Float64Array>();
  for (const [name, xyz] of tracks.points) {
    const out = new Float64Array(frameCount * 3);
    for (let f = 0; f < frameCount; f++) {
      const x = Math.min((f * tracks.fps) / fps, tracks.frameCount - 1);
      const i = Math.min(Math.floor(x), Math.max(0, tracks.frameCount - 2));
      const next = Math.min(i + 1, tracks.frameCount - 1);
      for (let k = 0; k < 3; k++) out[f * 3 + k] = xyz[i * 3 + k] + (x - i) * (xyz[next * 3 + k] - xyz[i * 3 + k]);
    }
    points.set(name, out);
  }
  return { fps, frameCount, points };
}
