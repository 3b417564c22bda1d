import type { VideoInfo } from '../video-info.ts';
import { measureFrameRate } from './frame-rate.ts';
import type { PacketTimes } from './packet-times.ts';
import { Timeline, toDisplayOrder, typicalStep } from './timeline.ts';

/** What the packets of a stream say about its frames. */
export type FrameMeasure = Pick<VideoInfo, 'fps' | 'variableFrameRate' | 'durationSec'> & {
  /** Seconds since the first frame, strictly increasing. */
  readonly timesSec: Float64Array;
  readonly startSec: number;
  readonly seekable: boolean;
};

/** Brings the stamps of at least two packets into order and measures rate and duration on them. */
export const measureFrames = ({ stampsSec, lastDurationSec, areDisplayTimes }: PacketTimes): FrameMeasure => {
  const stamps = toDisplayOrder(stampsSec);
  const startSec = Number.isNaN(stamps[0]) ? 0 : stamps[0];
  const { timesSec, repairs } = runTimeline(stamps, startSec, typicalStep(stamps));
  const rate = measureFrameRate(timesSec);
  const lastSec = timesSec[timesSec.length - 1];
  return {
    fps: rate.fps,
    variableFrameRate: rate.variable,
    durationSec: lastSec + lastFrameSec(timesSec, lastDurationSec, rate.medianIntervalSec),
    timesSec,
    startSec,
    seekable: areDisplayTimes && repairs === 0,
  };
};

const runTimeline = (stampsSec: Float64Array, startSec: number, intervalSec: number): { timesSec: Float64Array; repairs: number } => {
  const timeline = new Timeline(startSec, intervalSec);
  const timesSec = stampsSec.map((stamp) => timeline.next(stamp));
  return { timesSec, repairs: timeline.repairs };
};

/** How long the last frame is shown: what the file says, if it is within what the other frames do. */
const lastFrameSec = (timesSec: Float64Array, statedSec: number, medianIntervalSec: number): number => {
  let longestSec = medianIntervalSec;
  for (let i = 1; i < timesSec.length; i++) longestSec = Math.max(longestSec, timesSec[i] - timesSec[i - 1]);
  return statedSec > 0 && statedSec <= longestSec * 1.5 ? statedSec : medianIntervalSec;
};
