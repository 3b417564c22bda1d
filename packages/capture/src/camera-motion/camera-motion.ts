import type { BackgroundEdges } from '../lens/background-edges.ts';
import { edgesIn } from '../lens/background-edges.ts';

/** What the background of a clip said about its camera, a row a frame. Judged by `judgeCamera`, shot by shot. */
export interface CameraTrack {
  /** Focal length that the angles were worked out with, pixels of the source: that of an unknown camera. */
  readonly focalPx: number;
  /** `frameCount × 4`, unit quaternions xyzw: directions in the camera of each frame → in that of the first. x right, y down, z forward. */
  readonly turns: Float64Array;
  /** `frameCount`: size of the background in the first frame over its size in this one. */
  readonly scales: Float64Array;
  /** `frameCount`: share of the followed places of the background that agree with the turn; 0 = the turn is a guess. */
  readonly agreement: Float32Array;
  /** `frameCount`: part of the background's movement that no turn explains, 0..1; NaN where too little moved. */
  readonly parallax: Float32Array;
  /** `frameCount`: 1 where the background was lost: how the camera turned from the frame before is not known. */
  readonly breaks: Uint8Array;
  /** `frameCount`: logarithm of the focal length over `focalPx` that a picture's background speaks for; NaN where it does not tell. */
  readonly lensLogs?: Float32Array;
  /** Logarithm of the focal length over `focalPx` by what the camera wrote into the file. */
  readonly taggedLog?: number;
  /** What straight edges of the background said, where it was looked at for them. */
  readonly edges?: readonly BackgroundEdges[];
}

/** The frames `[from, to)` of a track; views, not copies. */
export const cameraFrames = (track: CameraTrack, from: number, to: number): CameraTrack => ({
  focalPx: track.focalPx,
  turns: track.turns.subarray(from * 4, to * 4),
  scales: track.scales.subarray(from, to),
  agreement: track.agreement.subarray(from, to),
  parallax: track.parallax.subarray(from, to),
  breaks: track.breaks.subarray(from, to),
  ...(track.lensLogs && { lensLogs: track.lensLogs.subarray(from, to) }),
  ...(track.taggedLog !== undefined && { taggedLog: track.taggedLog }),
  ...(track.edges && { edges: edgesIn(track.edges, from, to) }),
});

/** How the camera of one shot turned. */
export interface CameraMotion {
  /** As in the track. */
  readonly focalPx: number;
  /** `frameCount × 4`, unit quaternions: directions in the camera of each frame → in that of `referenceFrame`. */
  readonly rotations: Float64Array;
  /** The frame in the middle of the pan. */
  readonly referenceFrame: number;
  /** Largest angle between a frame's viewing direction and the reference's, radians. */
  readonly panRad: number;
}

/** The verdict on the camera of one shot. */
export interface CameraVerdict {
  /** Undefined where the camera stands still, or where too little of the background was followed to say. */
  readonly motion: CameraMotion | undefined;
  /** Share of the frames in which the background was followed, 0..1. */
  readonly followed: number;
  /** Times that the background was lost. */
  readonly breaks: number;
  /** Largest size of the background over its smallest: 1 unless the camera zooms, or travels forwards or backwards. */
  readonly zoom: number;
  /** Part of the background's movement that no turn explains (near things pass far ones), 0..1. */
  readonly parallax: number;
}
