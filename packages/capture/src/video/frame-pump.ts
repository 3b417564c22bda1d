import { availableParallelism } from 'node:os';
import { parseStamp } from './decode-arguments.ts';
import { LineSplitter } from './line-splitter.ts';
import { killTool, OUT_OF_TIME, startTool, type ToolChild } from './tool-process.ts';

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
  readonly #child: ToolChild;
  readonly #free: Uint8Array[] = [];
  readonly #ready: Uint8Array[] = [];
  readonly #stamps: number[] = [];
  readonly #errorLines: string[] = [];
  #filling: Uint8Array;
  #filledBytes = 0;
  #announced = 0;
  /** What has come while all buffers were taken. Once the program has ended, Node hands out the rest of the pipe even to who paused it. */
  readonly #unread: Buffer[] = [];
  #end: Arrival | null = null;
  #wake: (() => void) | null = null;

  constructor(options: PumpOptions) {
    this.#filling = new Uint8Array(options.frameBytes);
    for (let i = 1; i < POOL_FRAMES; i++) this.#free.push(new Uint8Array(options.frameBytes));
    this.#child = startTool(options.command, options.args, { memoryBytes: options.memoryBytes, cpuSec: options.cpuSec });
    const lines = new LineSplitter((line) => this.#onErrorLine(line));
    this.#child.stderr.on('data', (chunk: Buffer) => lines.push(chunk));
    this.#child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#child.on('error', () => this.#finish({ kind: 'missing' }));
    this.#child.on('close', (code, signal) => {
      if (signal === OUT_OF_TIME) this.#finish({ kind: 'timeout' });
      const isMissing = code === 126 || code === 127;
      this.#finish(isMissing ? { kind: 'missing' } : { kind: 'exited', code, errorText: this.#errorLines.join('\n') });
    });
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
    killTool(this.#child);
    this.#child.stdout.destroy();
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

  #read(chunk: Buffer): void {
    this.#unread.push(chunk);
    this.#drain();
  }

  #drain(): void {
    while (this.#unread.length > 0) {
      const rest = this.#fill(this.#unread[0]);
      if (rest.length > 0) {
        this.#unread[0] = rest;
        this.#child.stdout.pause();
        return;
      }
      this.#unread.shift();
    }
    this.#child.stdout.resume();
  }

  /** Fills buffers with a chunk; what is left of it when all are taken. */
  #fill(chunk: Buffer): Buffer {
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
