/** Facts of a source video, probed, never trusted from its name or from what the caller says. */
export interface VideoInfo {
  readonly filename: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly container: string;
  readonly codec: string;
  /** Size of the upright picture (after rotation), pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Clockwise rotation stored in the file, already applied to width and height: 0, 90, 180 or 270 degrees. */
  readonly rotationDeg: number;
  /** Nominal rate: the common rate closest to the median frame interval when that is constant, else the average. */
  readonly fps: number;
  readonly variableFrameRate: boolean;
  readonly frameCount: number;
  /** From the first frame's time stamp to the end of the last frame, measured on the packets, not read from the header. */
  readonly durationSec: number;
}
