import { copyPicture, type Picture } from '../tracking/picture.ts';
import { CutDetector } from '../video/cuts.ts';
import type { VideoFrame } from '../video/decode.ts';
import { type Dissolve, DissolveDetector } from '../video/dissolves.ts';
import { BACKGROUND_LONG_SIDE_PX } from './background-shift.ts';
import { type GrayMap, grayMap } from './gray-map.ts';

/** A picture that was kept, and what the same view looked like a moment later. */
export interface Sample {
  readonly timeSec: number;
  readonly picture: Picture;
  readonly map: GrayMap;
  /** Null when the clip ended before. */
  readonly later: { readonly map: GrayMap; readonly afterSec: number } | null;
}

export interface Glance {
  readonly samples: readonly Sample[];
  readonly cutsSec: readonly number[];
  readonly dissolves: readonly Dissolve[];
}

const LATER_SEC = 0.4;
/** In frames that far apart nothing is left to compare. */
const LATEST_SEC = 1.5;

/**
 * Keeps about `count` pictures, evenly spread over the clip, of frames that come by only once; looks for cuts in all of them.
 * `onPicture` gets each picture as soon as it is kept, while others are still being decoded.
 */
export const sampleFrames = async (
  frames: AsyncIterable<VideoFrame>,
  durationSec: number,
  count: number,
  onPicture: (picture: Picture) => void = () => undefined,
): Promise<Glance> => {
  const cuts = new CutDetector();
  const dissolves = new DissolveDetector();
  const samples: Sample[] = [];
  let waiting = 0;
  let lastSec = Number.NEGATIVE_INFINITY;
  for await (const frame of frames) {
    cuts.next(frame, frame.timeSec);
    dissolves.next(frame, frame.timeSec);
    const isDue = samples.length === 0 || frame.timeSec >= (durationSec * samples.length) / count;
    const isLater = waiting < samples.length && frame.timeSec >= samples[waiting].timeSec + LATER_SEC;
    if (!isDue && !isLater) continue;
    const map = backgroundMap(frame);
    for (; waiting < samples.length && frame.timeSec >= samples[waiting].timeSec + LATER_SEC; waiting++) {
      const afterSec = frame.timeSec - samples[waiting].timeSec;
      if (afterSec <= LATEST_SEC) samples[waiting] = { ...samples[waiting], later: { map, afterSec } };
    }
    if (isDue && frame.timeSec > lastSec && samples.length < count) {
      const picture = copyPicture(frame);
      samples.push({ timeSec: frame.timeSec, picture, map, later: null });
      onPicture(picture);
      lastSec = frame.timeSec;
    }
  }
  return { samples, cutsSec: cuts.finish(), dissolves: dissolves.found };
};

const backgroundMap = (frame: VideoFrame): GrayMap => {
  const whole = { leftPx: 0, topPx: 0, widthPx: frame.widthPx, heightPx: frame.heightPx };
  const scale = BACKGROUND_LONG_SIDE_PX / Math.max(frame.widthPx, frame.heightPx);
  return grayMap(frame, whole, Math.max(1, Math.round(frame.widthPx * scale)), Math.max(1, Math.round(frame.heightPx * scale)));
};
