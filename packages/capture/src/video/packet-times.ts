import type { FfmpegTools } from './ffmpeg.ts';
import { safeInput } from './safe-input.ts';
import { type RunResult, runTool } from './tool-process.ts';

/** Time stamps of the packets of one stream, in the order of the file; NaN where there is none. */
export interface PacketTimes {
  readonly stampsSec: Float64Array;
  /** Packets that were read, also those that are never shown. */
  readonly packetCount: number;
  /** Packets whose picture stands by itself. */
  readonly keyCount: number;
  /** Duration the file gives for the packet that is shown last, seconds; NaN if it does not say. */
  readonly lastDurationSec: number;
  /** False if display stamps were missing (and decoding stamps stand in for them where there are more of those). */
  readonly areDisplayTimes: boolean;
}

/** About ten hours at 120 frames/s; more is not a clip but an attack. */
export const MAX_FRAMES = 2 ** 22;

interface Packet {
  readonly displaySec: number;
  readonly decodingSec: number;
  readonly durationSec: number;
  readonly isKey: boolean;
}

/**
 * One line of ffprobe's `compact` output: `pts_time=0.133|dts_time=-0.033|duration_time=0.033|flags=K_`. Null for packets that are
 * decoded but never shown (flag D: an edit list cuts them off).
 */
export const parsePacket = (line: string): Packet | null => {
  const fields = new Map(line.split('|').map((field) => field.split('=', 2) as [string, string]));
  const flags = fields.get('flags');
  if (flags === undefined || flags.includes('D')) return null;
  const seconds = (name: string): number => Number.parseFloat(fields.get(name) ?? '');
  return {
    displaySec: seconds('pts_time'),
    decodingSec: seconds('dts_time'),
    durationSec: seconds('duration_time'),
    isKey: flags.includes('K'),
  };
};

class Stamps {
  #values = new Float64Array(4096);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Float64Array(this.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length++] = value;
  }

  toArray(): Float64Array {
    return this.#values.slice(0, this.length);
  }
}

export interface PacketOptions {
  readonly timeoutMs: number;
  readonly cpuSec: number;
  readonly signal?: AbortSignal;
}

/** Reads all packets of a stream without decoding them. `run` tells how ffprobe ended. */
export const readPacketTimes = async (
  tools: FfmpegTools,
  path: string,
  streamIndex: number,
  options: PacketOptions,
): Promise<{ readonly run: RunResult; readonly times: PacketTimes }> => {
  const display = new Stamps();
  const decoding = new Stamps();
  let latest = Number.NEGATIVE_INFINITY;
  let lastDurationSec = Number.NaN;
  let packetCount = 0;
  let keyCount = 0;
  const onLine = (line: string): boolean => {
    packetCount += line.includes('pts_time=') ? 1 : 0;
    const packet = parsePacket(line);
    if (packet === null) return true;
    keyCount += packet.isKey ? 1 : 0;
    display.push(packet.displaySec);
    decoding.push(packet.decodingSec);
    const stamp = Number.isNaN(packet.displaySec) ? packet.decodingSec : packet.displaySec;
    if (!(stamp < latest)) {
      latest = stamp;
      lastDurationSec = packet.durationSec;
    }
    return packetCount <= MAX_FRAMES;
  };
  const args = ['-v', 'error', '-select_streams', String(streamIndex), '-show_entries', 'packet=pts_time,dts_time,duration_time,flags'];
  const run = await runTool(tools.ffprobe, [...args, '-of', 'compact=p=0', ...safeInput(path)], { ...options, onLine });
  const [shown, decoded] = [display.toArray(), decoding.toArray()];
  const areDisplayTimes = countMissing(shown) === 0;
  return {
    run,
    times: {
      stampsSec: countMissing(decoded) < countMissing(shown) ? decoded : shown,
      packetCount,
      keyCount,
      lastDurationSec,
      areDisplayTimes,
    },
  };
};

const countMissing = (stamps: Float64Array): number => stamps.reduce((count, stamp) => count + (Number.isNaN(stamp) ? 1 : 0), 0);
