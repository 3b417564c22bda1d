import { resolve } from 'node:path';

/**
 * The containers that are opened. Everything else ffmpeg knows stays shut: above all the formats that name other files or
 * addresses (concat, hls, dash, sdp, image2, …), which a hostile file could be under any name.
 */
const CONTAINERS = 'mov,matroska,webm,avi,mpegts,mpeg';

/** ffmpeg's own guess of how much to read before it knows the streams, with room for late starters. */
const PROBE_SIZE_BYTES = 20_000_000;

/**
 * The arguments that open one file and nothing else. The path is made absolute and becomes a `file:` URL, so that a name
 * that starts with `-` is no option and one with `:` is no protocol.
 */
export const safeInput = (path: string): string[] => [
  ...['-protocol_whitelist', 'file,pipe'],
  ...['-format_whitelist', CONTAINERS],
  ...['-probesize', String(PROBE_SIZE_BYTES)],
  ...['-i', `file:${resolve(path)}`],
];
