import { GaitwayError } from '@gaitway/motion/errors';

/** Refuses a BVH with the line that is wrong. */
export function refuseBvh(line: number, reason: string): never {
  throw new GaitwayError('motion_unreadable', { message: `BVH line ${line}: ${reason}.`, facts: { line } });
}

const isSpace = (c: number): boolean => c === 32 || (c >= 9 && c <= 13) || c === 0xfeff;

/** Reads words and numbers separated by any white space, and knows the line it is on. */
export class BvhTokens {
  readonly #text: string;
  #at = 0;
  line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next word, or '' at the end of the file. */
  next(): string {
    this.#skipSpace();
    const from = this.#at;
    while (this.#at < this.#text.length && !isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#text.slice(from, this.#at);
  }

  /** The rest of the current line, trimmed: joint names may hold spaces. */
  restOfLine(): string {
    const end = this.#text.indexOf('\n', this.#at);
    const stop = end < 0 ? this.#text.length : end;
    const rest = this.#text.slice(this.#at, stop).trim();
    this.#at = stop;
    return rest;
  }

  /** Takes the next word, which must be `word` (in any case). */
  expect(word: string): void {
    const found = this.next();
    if (found.toLowerCase() !== word.toLowerCase()) refuseBvh(this.line, `expected ${word}, found ${shown(found)}`);
  }

  /** The next word as a finite number. */
  number(what: string): number {
    const word = this.next();
    const value = word === '' ? Number.NaN : Number(word.replace(',', '.'));
    if (!Number.isFinite(value)) refuseBvh(this.line, `expected ${what}, found ${shown(word)}`);
    return value;
  }

  atEnd(): boolean {
    this.#skipSpace();
    return this.#at >= this.#text.length;
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length) {
      const c = this.#text.charCodeAt(this.#at);
      if (!isSpace(c)) return;
      if (c === 10) this.line++;
      this.#at++;
    }
  }
}

export const shown = (word: string): string => (word === '' ? 'the end of the file' : `"${word.slice(0, 40)}"`);
