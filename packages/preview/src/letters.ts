import type { SKRSContext2D } from '@napi-rs/canvas';

/**
 * The few letters that previews write, 5 × 7 dots, rows from the top: a machine that serves may have no fonts, and pictures must not
 * depend on which ones it has.
 */
const LETTERS: Readonly<Record<string, string>> = {
  a: '.....|.....|.###.|....#|.####|#...#|.####',
  c: '.....|.....|.###.|#....|#....|#...#|.###.',
  d: '....#|....#|.####|#...#|#...#|#...#|.####',
  e: '.....|.....|.###.|#...#|#####|#....|.###.',
  f: '..##.|.#..#|.#...|###..|.#...|.#...|.#...',
  g: '.....|.####|#...#|#...#|.####|....#|.###.',
  h: '#....|#....|#.##.|##..#|#...#|#...#|#...#',
  i: '..#..|.....|.##..|..#..|..#..|..#..|.###.',
  j: '...#.|.....|..##.|...#.|...#.|#..#.|.##..',
  l: '.##..|..#..|..#..|..#..|..#..|..#..|.###.',
  m: '.....|.....|##.#.|#.#.#|#.#.#|#.#.#|#.#.#',
  n: '.....|.....|#.##.|##..#|#...#|#...#|#...#',
  o: '.....|.....|.###.|#...#|#...#|#...#|.###.',
  r: '.....|.....|#.##.|##..#|#....|#....|#....',
  s: '.....|.....|.####|#....|.###.|....#|####.',
  t: '.#...|.#...|###..|.#...|.#...|.#..#|..##.',
  u: '.....|.....|#...#|#...#|#...#|#..##|.##.#',
};

const ADVANCE_PX = 6;

export const wordWidth = (word: string): number => word.length * ADVANCE_PX;

/** Writes a word of those letters and spaces, its upper left corner at (x, y), in the fill style that is set. */
export function drawWord(context: SKRSContext2D, word: string, x: number, y: number): void {
  for (const [k, letter] of [...word].entries()) {
    for (const [row, dots] of (LETTERS[letter] ?? '').split('|').entries()) {
      for (let column = 0; column < dots.length; column++)
        if (dots[column] === '#') context.fillRect(x + k * ADVANCE_PX + column, y + row, 1, 1);
    }
  }
}
