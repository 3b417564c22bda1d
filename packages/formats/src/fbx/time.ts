/** FBX time: 46 186 158 000 ticks a second, which 24, 25, 30, 48, 50, 60 and 120 frames a second divide exactly. */
export const TICKS_PER_SECOND = 46_186_158_000n;

/** `TimeMode` of GlobalSettings for the frame rates that have one. */
const TIME_MODES: ReadonlyMap<number, number> = new Map([
  [24, 11],
  [25, 10],
  [30, 6],
  [48, 5],
  [50, 4],
  [60, 3],
  [120, 1],
]);

/** Frame rates that an FBX file can be written at: integers only, because players drift at 29.97. */
export const FBX_FRAME_RATES: readonly number[] = [...TIME_MODES.keys()];

export function timeModeOf(fps: number): number {
  const mode = TIME_MODES.get(fps);
  if (mode === undefined) throw new RangeError(`FBX has no exact time mode for ${fps} fps`);
  return mode;
}

/** Time of frame `frame` in ticks. */
export const ticksAt = (frame: number, fps: number): bigint => (BigInt(frame) * TICKS_PER_SECOND) / BigInt(fps);

/** Times of frames 0..count − 1. */
export function frameTicks(count: number, fps: number): BigInt64Array {
  const out = new BigInt64Array(count);
  const step = TICKS_PER_SECOND / BigInt(fps);
  for (let f = 0, t = 0n; f < count; f++, t += step) out[f] = t;
  return out;
}
