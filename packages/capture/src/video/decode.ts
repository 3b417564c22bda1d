import { throwIfAborted } from '@gaitway/motion/abort';
import { GaitwayError } from '@gaitway/motion/errors';
import type { ColourMatrix, VideoInfo } from '../video-info.ts';
import { type DecodeEffort, decodeArguments, deliveredSize, deliversFullRange, type FrameSize } from './decode-arguments.ts';
import { type FfmpegTools, locateFfmpeg } from './ffmpeg.ts';
import { type Arrival, cpuSecFor, FramePump, type RawFrame } from './frame-pump.ts';
import { Timeline } from './timeline.ts';
import { TRIM_TOLERANCE_SEC, type TrimOptions, type TrimRange, trimRange } from './trim.ts';

/**
 * One decoded picture, upright, 8-bit planar 4:2:0 (I420). **The planes are on loan: they are overwritten once the next frame is
 * asked for**, or a later one (`lentFrames`). Whoever needs a picture for longer copies it.
 */
export interface VideoFrame {
  /** Counts the delivered frames from 0. */
  readonly index: number;
  /** The frame's real time stamp, seconds since the start of the trim (or the first frame of the file). */
  readonly timeSec: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** `heightPx` rows of `widthPx` bytes, without padding. */
  readonly y: Uint8Array;
  /** `ceil(heightPx / 2)` rows of `ceil(widthPx / 2)` bytes. */
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  /** Samples span 0..255 rather than 16..235 (luma) and 16..240 (chroma). */
  readonly fullRange: boolean;
  readonly matrix: ColourMatrix;
}

export interface DecodeOptions extends TrimOptions {
  readonly ffmpeg?: FfmpegTools;
  readonly signal?: AbortSignal;
  /** Scale down so that the longer side is at most this. */
  readonly maxLongSidePx?: number;
  /** The longest silence of ffmpeg that is waited for; time in which the consumer is busy does not count. */
  readonly timeoutMs?: number;
  /** How many pictures are on loan at a time: 1, or more for who wants to have the next one at hand while still working on others. */
  readonly lentFrames?: 1 | 2 | 3;
  /** Less than `every` frame, for a glance at a clip. */
  readonly effort?: DecodeEffort;
  /** Nothing else is done meanwhile: the decoder gets all cores. */
  readonly isAwaited?: boolean;
}

const DEFAULT_TIMEOUT_MS = 120_000;
/** Beside the silence: the time that a frame may take on average before a clip is given up. */
const PER_FRAME_MS = 500;

/**
 * Decodes a probed video frame by frame. At most six pictures are in memory, however long the clip and however slow the consumer:
 * ffmpeg is stopped by its full pipe. Ends ffmpeg when the consumer leaves the loop, however it does.
 */
export async function* decodeFrames(path: string, info: VideoInfo, options: DecodeOptions = {}): AsyncGenerator<VideoFrame, void, void> {
  const range = trimRange(options, info.durationSec, info.fps);
  const tools = options.ffmpeg ?? (await locateFfmpeg());
  const size = deliveredSize(info, options.maxLongSidePx);
  const toFrame = frameBuilder(info, size);
  let index = 0;
  for await (const { raw, timeSec } of rawFrames({ path, info, options, range, tools, size })) {
    yield toFrame(raw.bytes, index++, Math.max(0, timeSec - range.startSec));
  }
  if (index === 0) throw new GaitwayError('source_too_short', { message: 'There is no frame in the trimmed part; widen the trim.' });
}

interface Job {
  readonly path: string;
  readonly info: VideoInfo;
  readonly options: DecodeOptions;
  readonly range: TrimRange;
  readonly tools: FfmpegTools;
  readonly size: FrameSize;
}

interface TimedFrame {
  readonly raw: RawFrame;
  readonly timeSec: number;
}

/** The frames of the range. A seek that turns out to have gone past its start is repeated by decoding from the beginning. */
async function* rawFrames(job: Job): AsyncGenerator<TimedFrame, void, void> {
  const seekSec = seekPosition(job.info, job.range);
  if (seekSec !== null) {
    const outcome = yield* framesFrom(job, seekSec);
    if (outcome === 'done') return;
  }
  yield* framesFrom(job, null);
}

/** Shorter lead-ins are decoded and dropped. */
const SHORTEST_SEEK_SEC = 2;
/** Seek to a little before the start: only a frame from before it proves that none was missed. */
const SEEK_MARGIN_SEC = 0.5;

const seekPosition = ({ stream }: VideoInfo, { startSec }: TrimRange): number | null => {
  if (!stream.seekable || startSec < SHORTEST_SEEK_SEC) return null;
  return Math.max(0, stream.startSec - stream.fileStartSec + startSec - SEEK_MARGIN_SEC);
};

async function* framesFrom(job: Job, seekSec: number | null): AsyncGenerator<TimedFrame, 'done' | 'missed', void> {
  const { info, options, range } = job;
  throwIfAborted(options.signal);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const budget = { waitMs: timeoutMs + PER_FRAME_MS * info.frameCount };
  const pump = await startPump(job, seekSec, budget.waitMs);
  const onAbort = (): void => pump.stop();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  let timeline: Timeline | null = null;
  const lent: RawFrame[] = [];
  try {
    for (;;) {
      const arrival = await nextWithin(pump, budget, timeoutMs);
      throwIfAborted(options.signal);
      if (arrival.kind !== 'frame') {
        assertFinished(arrival);
        if (seekSec !== null) return timeline === null ? 'missed' : 'done';
        if ((options.effort ?? 'every') === 'every') assertComplete(pump.announcedFrames, info);
        return 'done';
      }
      const { stampSec } = arrival.frame;
      const isFirst = timeline === null;
      timeline ??= timelineFrom(info, stampSec);
      const timeSec = timeline.next(stampSec);
      if (isFirst && seekSec !== null && !isBeforeRange(stampSec, timeSec, range)) return 'missed';
      if (timeSec >= range.endSec - TRIM_TOLERANCE_SEC) return 'done';
      lent.push(arrival.frame);
      if (timeSec >= range.startSec - TRIM_TOLERANCE_SEC) yield { raw: arrival.frame, timeSec };
      while (lent.length >= (options.lentFrames ?? 1)) pump.release(lent.shift() as RawFrame);
    }
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    pump.stop();
  }
}

/** Stamps that are missing or jump are counted from the first that comes out: packets and pictures then disagree about the start. */
const timelineFrom = ({ stream, fps }: VideoInfo, firstStampSec: number): Timeline =>
  new Timeline(stream.seekable ? stream.startSec : firstStampSec || 0, 1 / fps);

/** Whether the first picture after a seek proves that the seek did not go too far. */
const isBeforeRange = (stampSec: number, timeSec: number, range: TrimRange): boolean =>
  !Number.isNaN(stampSec) && timeSec <= range.startSec + TRIM_TOLERANCE_SEC;

const nextWithin = async (pump: FramePump, budget: { waitMs: number }, timeoutMs: number): Promise<Arrival> => {
  const since = Date.now();
  const arrival = await pump.next(Math.min(timeoutMs, budget.waitMs));
  budget.waitMs -= Date.now() - since;
  return arrival;
};

const assertFinished = (arrival: Exclude<Arrival, { kind: 'frame' }>): void => {
  if (arrival.kind === 'missing') throw new GaitwayError('decoder_missing');
  if (arrival.kind === 'timeout') throw new GaitwayError('decoder_timeout');
  if (arrival.kind === 'exited' && arrival.code !== 0) throw new GaitwayError('decoder_failed', { cause: arrival.errorText });
};

/** Damaged frames are left out by ffmpeg without an error; a clip of which less than this share comes out is no clip. */
const LEAST_SHARE = 0.5;

const assertComplete = (decodedFrames: number, { frameCount }: VideoInfo): void => {
  if (decodedFrames >= frameCount * LEAST_SHARE) return;
  throw new GaitwayError('decoder_failed', {
    message: 'Most of the clip is damaged and cannot be decoded; send the file again or re-encode it as H.264.',
    facts: { decodedFrames, frameCount },
  });
};

const BASE_MEMORY_BYTES = 2 * 2 ** 30;
/** Reference pictures, one picture a thread and filters, at 16 bits a sample. */
const PICTURES_IN_DECODER = 64;

const startPump = ({ path, info, tools, size, options }: Job, seekSec: number | null, limitMs: number): Promise<FramePump> =>
  FramePump.start({
    command: tools.ffmpeg,
    args: decodeArguments(tools, path, info, size, seekSec, options),
    frameBytes: planeBytes(size).total,
    memoryBytes: BASE_MEMORY_BYTES + PICTURES_IN_DECODER * info.widthPx * info.heightPx * 3,
    cpuSec: cpuSecFor(limitMs),
  });

const planeBytes = ({ widthPx, heightPx }: FrameSize): { luma: number; chroma: number; total: number } => {
  const luma = widthPx * heightPx;
  const chroma = Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  return { luma, chroma, total: luma + 2 * chroma };
};

const frameBuilder = (info: VideoInfo, size: FrameSize): ((bytes: Uint8Array, index: number, timeSec: number) => VideoFrame) => {
  const { luma, chroma } = planeBytes(size);
  const fullRange = deliversFullRange(info);
  return (bytes, index, timeSec) => ({
    index,
    timeSec,
    ...size,
    y: bytes.subarray(0, luma),
    u: bytes.subarray(luma, luma + chroma),
    v: bytes.subarray(luma + chroma),
    fullRange,
    matrix: info.stream.matrix,
  });
};
