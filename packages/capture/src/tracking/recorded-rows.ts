import { LANDMARK_COUNT, type Landmarks } from '../landmarks.ts';

const POINT_VALUES = LANDMARK_COUNT * 3;

/** Consecutive rows of the landmarks of one person; the arrays may be longer than the rows. */
export interface RecordedRows {
  /** The frame of the clip that the first row belongs to. */
  readonly firstFrame: number;
  readonly rowCount: number;
  /** `rowCount`: 1 where the person was found; other rows are zero. */
  readonly seen: Uint8Array;
  /** `rowCount × 33 × 3`, `× 33 × 3`, `× 33` and `× 1`, as in `Landmarks`. */
  readonly imagePx: Float32Array;
  readonly worldM: Float32Array;
  readonly visibility: Float32Array;
  readonly score: Float32Array;
}

/** What rows cannot know: the clip around them. */
export interface ClipFacts {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly nominalFps: number;
  /** Seconds, of every frame of the clip. */
  readonly timesSec: Float64Array;
}

/** The rows that lie in `fromFrame ≤ frame < toFrame`, from the first sighting to the last; views. Undefined without a sighting. */
export const rowsWithin = (rows: RecordedRows, fromFrame: number, toFrame: number): RecordedRows | undefined => {
  const start = Math.max(0, fromFrame - rows.firstFrame);
  const end = Math.min(rows.rowCount, toFrame - rows.firstFrame);
  const seen = rows.seen.subarray(0, Math.max(start, end));
  const first = seen.indexOf(1, start);
  if (first < 0) return undefined;
  const last = seen.lastIndexOf(1) + 1;
  return {
    firstFrame: rows.firstFrame + first,
    rowCount: last - first,
    seen: rows.seen.subarray(first, last),
    imagePx: rows.imagePx.subarray(first * POINT_VALUES, last * POINT_VALUES),
    worldM: rows.worldM.subarray(first * POINT_VALUES, last * POINT_VALUES),
    visibility: rows.visibility.subarray(first * LANDMARK_COUNT, last * LANDMARK_COUNT),
    score: rows.score.subarray(first, last),
  };
};

/** Landmarks with one row for every frame of the clip, from pieces that do not overlap. */
export const assembleLandmarks = (clip: ClipFacts, pieces: readonly RecordedRows[]): Landmarks => {
  const frameCount = clip.timesSec.length;
  const spread = <T extends Float32Array | Uint8Array>(rowsOf: (piece: RecordedRows) => T, out: T, width: number): T => {
    for (const piece of pieces) out.set(rowsOf(piece).subarray(0, piece.rowCount * width), piece.firstFrame * width);
    return out;
  };
  return {
    ...clip,
    frameCount,
    found: spread((piece) => piece.seen, new Uint8Array(frameCount), 1),
    imagePx: spread((piece) => piece.imagePx, new Float32Array(frameCount * POINT_VALUES), POINT_VALUES),
    worldM: spread((piece) => piece.worldM, new Float32Array(frameCount * POINT_VALUES), POINT_VALUES),
    visibility: spread((piece) => piece.visibility, new Float32Array(frameCount * LANDMARK_COUNT), LANDMARK_COUNT),
    score: spread((piece) => piece.score, new Float32Array(frameCount), 1),
  };
};
