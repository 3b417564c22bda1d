import { availableParallelism } from 'node:os';
import type { VideoInfo } from '../video-info.ts';
import type { FfmpegTools } from './ffmpeg.ts';
import { safeInput } from './safe-input.ts';

export interface FrameSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Size of the delivered frames: the upright picture, scaled down so that its longer side is at most `maxLongSidePx`. */
export const deliveredSize = (info: VideoInfo, maxLongSidePx = Number.POSITIVE_INFINITY): FrameSize => {
  const factor = Math.min(1, maxLongSidePx / Math.max(info.widthPx, info.heightPx));
  const scaled = (px: number): number => Math.max(1, Math.round(px * factor));
  return { widthPx: scaled(info.widthPx), heightPx: scaled(info.heightPx) };
};

/** Whether the delivered samples use 0..255 (full) or 16..235: only a picture that needs no conversion keeps the full range. */
export const deliversFullRange = (info: VideoInfo): boolean => info.stream.fullRange && info.stream.plainYuv420;

const MOST_THREADS = 8;

/**
 * Which frames are decoded: every one; those that others refer to, with coarse block edges (two to four times as fast); or those
 * that stand by themselves. The last two are for a glance at a clip, not for motion.
 */
export type DecodeEffort = 'every' | 'referenced' | 'key';

const SKIPPING: Readonly<Record<DecodeEffort, readonly string[]>> = {
  every: [],
  referenced: ['-skip_frame', 'noref', '-skip_loop_filter', 'all'],
  key: ['-skip_frame', 'nokey', '-skip_loop_filter', 'all'],
};

/** A glance leaves out what comes sooner than this after the last picture: hardly anything has changed, and every pixel passes a pipe. */
const GLANCE_STEP_SEC = 0.1;
const GLANCE_FILTER = `select='isnan(prev_selected_t)+gte(t-prev_selected_t\\,${GLANCE_STEP_SEC})'`;

/** How a clip is decoded; see `DecodeOptions`. */
export interface DecodeManner {
  readonly effort?: DecodeEffort;
  readonly isAwaited?: boolean;
}

/**
 * Where every frame is decoded, networks look at the frames meanwhile: they hold up everything else, and a core is left to them. Filters
 * have one thread everywhere: several share a picture out in stripes, and where its colours are converted the seams show. The pictures,
 * and with them the result, would depend on the number of cores.
 */
const threads = ({ effort, isAwaited = false }: DecodeManner): string[] => {
  const cores = effort === 'every' && !isAwaited ? availableParallelism() - 1 : availableParallelism();
  return ['-threads', String(Math.min(MOST_THREADS, Math.max(1, cores))), '-filter_threads', '1'];
};

/** The command line that writes I420 frames to standard output and, before each, its time stamp to standard error. */
export const decodeArguments = (
  tools: FfmpegTools,
  path: string,
  info: VideoInfo,
  size: FrameSize,
  seekSec: number | null,
  { effort = 'every', isAwaited }: DecodeManner = {},
): string[] => [
  ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+info'],
  ...SKIPPING[effort],
  // Stamps stay as they are in the file, so that they can be compared with those that were probed.
  '-copyts',
  ...(seekSec === null ? [] : ['-ss', seekSec.toFixed(6)]),
  ...threads({ effort, isAwaited }),
  ...safeInput(path),
  ...['-map', `0:${info.stream.index}`],
  // Every frame exactly once: the default rate conversion would double and drop frames of a variable rate.
  ...(tools.major >= 6 ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough']),
  ...['-vf', filters(tools, info, size, effort)],
  ...['-c:v', 'rawvideo', '-f', 'rawvideo', 'pipe:1'],
];

/** Stamps are printed in microseconds: of the file's own unit only six digits would be shown. */
export const STAMPS_PER_SEC = 1e6;

const filters = (tools: FfmpegTools, info: VideoInfo, size: FrameSize, effort: DecodeEffort): string => {
  const stamped = [
    ...(effort === 'every' ? [] : [GLANCE_FILTER]),
    ...(info.stream.interlaced ? ['yadif=mode=send_frame:deint=interlaced'] : []),
    `settb=1/${STAMPS_PER_SEC}`,
  ];
  const delivered = [scaleFilter(info, size), 'format=yuv420p|yuvj420p'];
  return tools.major >= 5 ? [...stamped, ...PRINT_STAMP, ...delivered].join(',') : besideStamp(stamped, delivered);
};

/** Newer versions can print the stamp alone. */
const PRINT_STAMP = ['metadata=mode=add:key=stamp:value=1', 'metadata=mode=print'];

/** Older ones print it with `showinfo`, which also sums every sample up: of a corner that is cut out without copying it. */
const besideStamp = (stamped: readonly string[], delivered: readonly string[]): string =>
  `${[...stamped, 'split[corner]', ...delivered].join(',')};[corner]${CORNER},showinfo,nullsink`;

const CORNER = 'crop=min(iw\\,16):min(ih\\,16):0:0:exact=1';

/** Always there: it does nothing to frames that fit, and keeps the size where a stream changes its own half-way. */
const scaleFilter = (info: VideoInfo, size: FrameSize): string => {
  const { fullRange, plainYuv420, matrix } = info.stream;
  const scale = `scale=${size.widthPx}:${size.heightPx}:flags=area`;
  if (!plainYuv420) return `${scale}:out_range=limited${fullRange ? ':in_range=full' : ''}:out_color_matrix=${matrix}`;
  const isSameSize = size.widthPx === info.widthPx && size.heightPx === info.heightPx;
  return isSameSize || !fullRange ? scale : `${scale}:in_range=full:out_range=full`;
};

/** The time stamp in a line that `showinfo` or `metadata` printed, seconds; NaN for a frame without; null for other lines. */
export const parseStamp = (line: string): number | null => {
  const stamp = /\b(?:frame|n):\s*\d+\s+pts:\s*(\S+)\s+pts_time:/.exec(line)?.[1];
  return stamp === undefined ? null : Number.parseInt(stamp, 10) / STAMPS_PER_SEC;
};
