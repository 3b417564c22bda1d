import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { GaitwayError } from '@gaitway/motion/errors';

export interface EncoderOptions {
  readonly ffmpegPath: string;
  readonly outPath: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly signal?: AbortSignal;
}

/** The end of ffmpeg's complaints; enough to know why it stopped. */
const COMPLAINT_CHARS = 2000;

const argumentsFor = ({ outPath, widthPx, heightPx, fps }: EncoderOptions): string[] => [
  ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-y'],
  ...['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${widthPx}x${heightPx}`, '-r', String(fps), '-i', 'pipe:0'],
  ...['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-pix_fmt', 'yuv420p'],
  ...['-vf', 'scale=out_color_matrix=bt709', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
  ...['-movflags', '+faststart', '-f', 'mp4', outPath],
];

/** Writes RGBA pictures to an H.264 MP4 that plays while it loads. ffmpeg sets the pace: `write` waits for its pipe. */
export class Encoder {
  readonly #child: ReturnType<typeof spawnEncoder>;
  readonly #signal: AbortSignal | undefined;
  readonly #ended: Promise<number | null>;
  #complaint = '';
  #failure: unknown;

  constructor(options: EncoderOptions) {
    this.#signal = options.signal;
    this.#child = spawnEncoder(options);
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString()).slice(-COMPLAINT_CHARS);
    });
    this.#child.stdin.on('error', (error) => {
      this.#failure ??= error;
    });
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#failure ??= error;
        resolve(null);
      });
      this.#child.on('close', resolve);
    });
  }

  /** Hands a picture over; the caller must not touch its bytes until this has resolved. */
  async write(pixels: Uint8Array): Promise<void> {
    const { stdin } = this.#child;
    if (this.#failure !== undefined || this.#signal?.aborted) throw await this.#whyItStopped();
    if (!stdin.write(pixels)) await Promise.race([once(stdin, 'drain').catch(() => undefined), this.#ended]);
  }

  /** Waits until the file is whole. */
  async finish(): Promise<void> {
    this.#child.stdin.end();
    const code = await this.#ended;
    if (code !== 0 || this.#failure !== undefined) throw await this.#whyItStopped();
  }

  /** Ends ffmpeg if it still runs. */
  async dispose(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #whyItStopped(): Promise<GaitwayError> {
    await this.dispose();
    if (this.#signal?.aborted) return new GaitwayError('canceled');
    const isFull = /no space left|disk quota|file too large/i.test(this.#complaint);
    const cause = this.#failure ?? new Error(this.#complaint);
    return new GaitwayError(isFull ? 'output_unwritable' : 'packaging_failed', { cause });
  }
}

const spawnEncoder = (options: EncoderOptions) =>
  spawn(options.ffmpegPath, argumentsFor(options), {
    stdio: ['pipe', 'ignore', 'pipe'],
    ...(options.signal && { signal: options.signal, killSignal: 'SIGKILL' as const }),
  });
