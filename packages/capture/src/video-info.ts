/** Facts of a source video, probed, never trusted from its name or from what the caller says. */
export interface VideoInfo {
  readonly filename: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly container: string;
  readonly codec: string;
  /** Size of the upright picture (after rotation, with square pixels), pixels. */
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
  /** Focal length that the camera wrote into the file, millimetres as of 35 mm film. */
  readonly lens35mm?: number;
  /** What the decoder has to know about the stream that was chosen; of no interest to users. */
  readonly stream: VideoStreamFacts;
}

/** Which stream of the file is the picture, and how it is stored. */
export interface VideoStreamFacts {
  /** Index in the file, counted over all streams. */
  readonly index: number;
  /** The index of the file promises more frames than the file holds: an upload or a recording that broke off. */
  readonly isCutOff: boolean;
  /** Frames that stand by themselves: how many pictures a glance gets for next to nothing. */
  readonly keyFrames: number;
  /** Time stamp of the first frame in the file's own clock, seconds; may be negative. */
  readonly startSec: number;
  /** Time stamp at which the whole file, sound included, starts; positions to seek to are counted from here. */
  readonly fileStartSec: number;
  /** False where time stamps are missing or jump: such a file has to be decoded from its start. */
  readonly seekable: boolean;
  /** Stored as 8-bit 4:2:0 already, so that no conversion is needed. */
  readonly plainYuv420: boolean;
  readonly fullRange: boolean;
  readonly matrix: ColourMatrix;
  readonly interlaced: boolean;
}

/** The standard whose coefficients turn Y, U, V into R, G, B. */
export type ColourMatrix = 'bt601' | 'bt709' | 'bt2020';
