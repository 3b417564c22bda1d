import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import { openByteChannel } from './byte-channel.ts';
import { parseStamp } from './decode-arguments.ts';
import { LineSplitter } from './line-splitter.ts';
import { killTool, OUT_OF_TIME, type SilentToolChild, startTool, startToolInto, type ToolChild } from './tool-process.ts';

/** A frame as it came out of the pipe: its buffer, on loan until it is released, and the file's time stamp (NaN: none). */
export interface RawFrame {
  readonly bytes: Uint8Array;
  readonly stampSec: number;
}

/** What waiting for a frame can end with. `exited` with code null: it was killed by a signal. */
export type Arrival =
  | { readonly kind: 'frame'; readonly frame: RawFrame }
  | { readonly kind: 'exited'; readonly code: number | null; readonly errorText: string }
  | { readonly kind: 'missing' | 'timeout' };

export interface PumpOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly frameBytes: number;
  readonly memoryBytes: number;
  readonly cpuSec: number;
}

/** Up to three with the consumer, one being filled, the others in between so that decoding and its consumer overlap. */
export const POOL_FRAMES = 6;
const ERROR_LINES = 20;

/**
 * Reads equally long frames from a program's standard output into a fixed pool of buffers and pairs each with the stamp that the
 * program printed for it. When all buffers are taken the pipe is no longer read, so that the program stops by itself.
 */
export class FramePump {
  readonly #free: Uint8Array[] = [];
  readonly #ready: Uint8Array[] = [];
  readonly #stamps: number[] = [];
  readonly #errorLines: string[] = [];
  #child: ToolChild | SilentToolChild | undefined;
  /** Where the program's output comes out. */
  #output: Readable | undefined;
  #filling: Uint8Array;
  #filledBytes = 0;
  #announced = 0;
  /** What has come while all buffers were taken. Once a program has ended, Node hands out the rest of its pipe even to who paused it. */
  readonly #unread: Uint8Array[] = [];
  #end: Arrival | null = null;
  #wake: (() => void) | null = null;

  private constructor(frameBytes: number) {
    this.#filling = new Uint8Array(frameBytes);
    for (let i = 1; i < POOL_FRAMES; i++) this.#free.push(new Uint8Array(frameBytes));
  }

  static async start(options: PumpOptions): Promise<FramePump> {
    const pump = new FramePump(options.frameBytes);
    const channel = await openByteChannel((bytes) => pump.#read(bytes));
    if (channel === null) {
      const child = startTool(options.command, options.args, options);
      child.stdout.on('data', (chunk: Buffer) => {
        if (!pump.#read(chunk)) child.stdout.pause();
      });
      pump.#watch(child, child.stdout);
    } else {
      try {
        pump.#watch(startToolInto(channel.theirs, options.command, options.args, options), channel.ours);
      } finally {
        channel.theirs.destroy(); // Ours ends with the program's, or with this one if there is no program.
      }
    }
    return pump;
  }

  #watch(child: ToolChild | SilentToolChild, output: Readable): void {
    this.#child = child;
    this.#output = output;
    const lines = new LineSplitter((line) => this.#onErrorLine(line));
    child.stderr.on('data', (chunk: Buffer) => lines.push(chunk));
    output.on('error', () => undefined); // It closes then; how the program ended says what happened.
    const allRead = new Promise<void>((resolve) => output.once('close', () => resolve()));
    child.on('error', () => this.#finish({ kind: 'missing' }));
    child.on('close', (code, signal) => void allRead.then(() => this.#finish(this.#endOf(code, signal))));
  }

  #endOf(code: number | null, signal: string | null): Arrival {
    if (signal === OUT_OF_TIME) return { kind: 'timeout' };
    return code === 126 || code === 127 ? { kind: 'missing' } : { kind: 'exited', code, errorText: this.#errorLines.join('\n') };
  }

  /** Complete frames that wait to be taken. */
  get waitingFrames(): number {
    return this.#ready.length;
  }

  /** Frames that the program has said it made so far. */
  get announcedFrames(): number {
    return this.#announced;
  }

  /** The next frame, or how the program ended, or `timeout` if neither comes in time. */
  async next(timeoutMs: number): Promise<Arrival> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const arrival = this.#take() ?? this.#end;
      if (arrival !== null) return arrival;
      if (!(await this.#changeBefore(deadline))) return { kind: 'timeout' };
    }
  }

  /** Gives a frame's buffer back to be filled again. */
  release(frame: RawFrame): void {
    this.#free.push(frame.bytes);
    this.#drain();
  }

  /** Ends the program; whoever waits is told. */
  stop(): void {
    if (this.#child !== undefined) killTool(this.#child);
    this.#output?.destroy();
  }

  #take(): Arrival | null {
    if (this.#ready.length === 0 || this.#stamps.length === 0) return null;
    return { kind: 'frame', frame: { bytes: this.#ready.shift() as Uint8Array, stampSec: this.#stamps.shift() as number } };
  }

  #changeBefore(deadline: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(false), Math.max(0, deadline - Date.now()));
      const done = (changed: boolean): void => {
        clearTimeout(timer);
        this.#wake = null;
        resolve(changed);
      };
      this.#wake = () => done(true);
    });
  }

  /** Takes in what has come; false if nothing more should come before `resume`. */
  #read(chunk: Uint8Array): boolean {
    const rest = this.#unread.length > 0 ? chunk : this.#fill(chunk);
    if (rest.length > 0) this.#unread.push(rest);
    return this.#unread.length === 0;
  }

  #drain(): void {
    while (this.#unread.length > 0) {
      const rest = this.#fill(this.#unread[0]);
      if (rest.length > 0) {
        this.#unread[0] = rest;
        return;
      }
      this.#unread.shift();
    }
    this.#output?.resume();
  }

  /** Fills buffers with a chunk; what is left of it when all are taken. */
  #fill(chunk: Uint8Array): Uint8Array {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#filledBytes === this.#filling.length && !this.#startNext()) break;
      const count = Math.min(chunk.length - offset, this.#filling.length - this.#filledBytes);
      this.#filling.set(chunk.subarray(offset, offset + count), this.#filledBytes);
      this.#filledBytes += count;
      offset += count;
      if (this.#filledBytes === this.#filling.length) this.#deliver();
    }
    return chunk.subarray(offset);
  }

  #deliver(): void {
    this.#ready.push(this.#filling);
    this.#wake?.();
  }

  #startNext(): boolean {
    const next = this.#free.pop();
    if (next === undefined) return false;
    this.#filling = next;
    this.#filledBytes = 0;
    return true;
  }

  #onErrorLine(line: string): void {
    const stamp = parseStamp(line);
    if (stamp === null) {
      this.#errorLines.push(line);
      if (this.#errorLines.length > ERROR_LINES) this.#errorLines.shift();
      return;
    }
    this.#announced += 1;
    this.#stamps.push(stamp);
    this.#wake?.();
  }

  #finish(end: Arrival): void {
    this.#end ??= end;
    this.#wake?.();
  }
}

/** CPU seconds that stand for a wall-clock limit: all cores may be busy for that long. */
export const cpuSecFor = (limitMs: number): number => (limitMs / 1000) * availableParallelism();
