const NEWLINE = 10;
const LONGEST_LINE_BYTES = 64 * 1024;

/** Cuts a stream of bytes into lines. Lines over 64 KiB are dropped, so that hostile output cannot grow the memory. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest: Buffer[] = [];
  #restBytes = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      this.#emit();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  /** Hands over a last line without a line end. */
  end(): void {
    if (this.#restBytes > 0) this.#emit();
  }

  #keep(part: Buffer): void {
    this.#restBytes += part.length;
    if (this.#restBytes <= LONGEST_LINE_BYTES && part.length > 0) this.#rest.push(part);
  }

  #emit(): void {
    if (this.#restBytes <= LONGEST_LINE_BYTES) this.#onLine(Buffer.concat(this.#rest).toString('utf8'));
    this.#rest = [];
    this.#restBytes = 0;
  }
}
