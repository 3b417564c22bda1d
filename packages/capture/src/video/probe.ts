import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GaitwayError } from '@gaitway/motion/errors';
import type { VideoInfo } from '../video-info.ts';
import { type FfmpegTools, locateFfmpeg } from './ffmpeg.ts';
import { measureFrames } from './frame-measure.ts';
import { readLensTag } from './lens-tag.ts';
import { MAX_FRAMES, readPacketTimes } from './packet-times.ts';
import { safeInput } from './safe-input.ts';
import { type Sniffed, sniffFile } from './sniff.ts';
import {
  chooseVideoStream,
  type FileHeader,
  HEADER_ENTRIES,
  isPlainYuv420,
  parseHeader,
  type StreamHeader,
  uprightSize,
} from './stream-facts.ts';
import { type RunResult, runTool } from './tool-process.ts';

export interface ProbeOptions {
  readonly ffmpeg?: FfmpegTools;
  readonly signal?: AbortSignal;
  /** Longest time for each of the two looks at the file (headers, packets), however little of it they work. */
  readonly timeoutMs?: number;
  /** Refuse longer clips with `api_duration_limit_exceeded`; nothing has been decoded by then. */
  readonly maxDurationSec?: number;
}

/** A busy machine takes its time: a file is judged by the work it makes, and by the clock only where nothing goes on any more. */
const DEFAULT_TIMEOUT_MS = 600_000;
const MOST_WORK_SEC = 120;
const LARGEST_SIDE_PX = 8192;
const HEADER_LIMIT_CHARS = 1_000_000;

/** Facts and frame times of a video. */
export interface Probed {
  readonly info: VideoInfo;
  /** `frameCount`, seconds since the first frame, strictly increasing, as counted on the packets. */
  readonly timesSec: Float64Array;
}

/** Measures a video without decoding it. Rejects with an error of the catalogue if it cannot be used. */
export const probeVideo = async (path: string, options: ProbeOptions = {}): Promise<VideoInfo> =>
  (await probeFrameTimes(path, options)).info;

/** As `probeVideo`, with the time of every frame. */
export const probeFrameTimes = async (path: string, options: ProbeOptions = {}): Promise<Probed> => {
  const { sniffed, bytes } = await lookAtFile(path);
  const tools = options.ffmpeg ?? (await locateFfmpeg());
  const header = await readHeader(tools, path, sniffed, options);
  const stream = usableStream(header);
  const [{ run, times }, sha256, lens35mm] = await Promise.all([
    readPacketTimes(tools, path, stream.index, limitsOf(options)),
    hashFile(path, options.signal),
    isMovie(header) ? readLensTag(path) : undefined,
  ]);
  if (run.kind !== 'stopped') assertRan(run);
  if (times.stampsSec.length < 2) throw tooShort(times.stampsSec.length);
  const measured = measureFrames(times);
  const maxSec = options.maxDurationSec ?? Number.POSITIVE_INFINITY;
  if (measured.durationSec > maxSec || run.kind === 'stopped') {
    throw new GaitwayError('api_duration_limit_exceeded', {
      facts: { durationSec: measured.durationSec, maxDurationSec: Number.isFinite(maxSec) ? maxSec : null, maxFrames: MAX_FRAMES },
    });
  }
  const { timesSec, startSec, seekable, ...rates } = measured;
  return {
    timesSec,
    info: {
      filename: basename(path),
      bytes,
      sha256,
      container: containerName(header),
      codec: stream.codec,
      ...uprightSize(stream),
      rotationDeg: stream.rotationDeg,
      ...rates,
      frameCount: timesSec.length,
      ...(lens35mm !== undefined && { lens35mm }),
      stream: {
        index: stream.index,
        isCutOff: stream.promisedFrames > times.packetCount,
        keyFrames: times.keyCount,
        startSec,
        fileStartSec: header.startSec,
        seekable,
        plainYuv420: isPlainYuv420(stream.pixelFormat),
        fullRange: stream.fullRange,
        matrix: stream.matrix,
        interlaced: stream.interlaced,
      },
    },
  };
};

const limitsOf = ({ signal, timeoutMs = DEFAULT_TIMEOUT_MS }: ProbeOptions) => ({ signal, timeoutMs, cpuSec: MOST_WORK_SEC });

const lookAtFile = async (path: string): Promise<{ sniffed: Sniffed; bytes: number }> => {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new GaitwayError('source_unreadable', { message: 'The source is not a file; name a video file.' });
    return { sniffed: await sniffFile(path), bytes: stats.size };
  } catch (cause) {
    if (cause instanceof GaitwayError) throw cause;
    throw new GaitwayError('source_unreadable', { message: 'The file does not exist or may not be read.', cause });
  }
};

const SNIFFED_ERRORS: Partial<Record<Sniffed, () => GaitwayError>> = {
  empty: () => new GaitwayError('source_unreadable', { message: 'The file is empty; send it again.' }),
  picture: () => new GaitwayError('source_too_short', { message: 'The file is a still picture; send a video.' }),
  audio: () => new GaitwayError('source_no_video'),
  playlist: () =>
    new GaitwayError('source_unreadable', { message: 'The file is a playlist, which names other files; send the video itself.' }),
};

const readHeader = async (tools: FfmpegTools, path: string, sniffed: Sniffed, options: ProbeOptions): Promise<FileHeader> => {
  const known = SNIFFED_ERRORS[sniffed];
  if (known !== undefined) throw known();
  let json = '';
  const onLine = (line: string): boolean => {
    json += line;
    return json.length < HEADER_LIMIT_CHARS;
  };
  const args = ['-v', 'error', '-show_entries', HEADER_ENTRIES, '-of', 'json', ...safeInput(path)];
  const run = await runTool(tools.ffprobe, args, { ...limitsOf(options), onLine });
  if (run.kind === 'exited' && run.code !== 0) throw new GaitwayError('source_unreadable', { cause: run.errorText });
  assertRan(run);
  try {
    return parseHeader(json);
  } catch (cause) {
    throw new GaitwayError('decoder_failed', { cause });
  }
};

/** Turns every end of ffprobe but a good one into the error for it. */
const assertRan = (run: RunResult): void => {
  if (run.kind === 'exited' && run.code === 0) return;
  if (run.kind === 'aborted') throw new GaitwayError('canceled');
  if (run.kind === 'timeout') throw new GaitwayError('decoder_timeout');
  if (run.kind === 'missing') throw new GaitwayError('decoder_missing');
  throw new GaitwayError('decoder_failed', { cause: 'errorText' in run ? run.errorText : run.kind });
};

const usableStream = (header: FileHeader): StreamHeader => {
  const stream = chooseVideoStream(header);
  if (stream === null) throw header.streams.length === 0 ? new GaitwayError('source_unreadable') : new GaitwayError('source_no_video');
  const { widthPx, heightPx } = uprightSize(stream);
  if (Math.max(widthPx, heightPx, stream.storedWidthPx, stream.storedHeightPx) > LARGEST_SIDE_PX) {
    throw new GaitwayError('source_too_large', { facts: { widthPx, heightPx, largestSidePx: LARGEST_SIDE_PX } });
  }
  if (widthPx < 1 || heightPx < 1) throw new GaitwayError('source_unreadable');
  return stream;
};

const tooShort = (frameCount: number): GaitwayError => new GaitwayError('source_too_short', { facts: { frameCount } });

const isMovie = ({ format }: FileHeader): boolean => format.startsWith('mov');

const containerName = (header: FileHeader): string => {
  const { format, brand } = header;
  if (isMovie(header)) return brand === 'qt' ? 'mov' : 'mp4';
  return format === 'matroska,webm' ? 'matroska' : format;
};

const hashFile = async (path: string, signal: AbortSignal | undefined): Promise<string> => {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  } catch (cause) {
    if (signal?.aborted) throw new GaitwayError('canceled', { cause });
    throw new GaitwayError('source_unreadable', { cause });
  }
  return hash.digest('hex');
};
