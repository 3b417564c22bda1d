import type { Detection } from '../models/detection.ts';
import type { PersonDetector } from '../models/detector.ts';
import type { Box } from '../preflight/box.ts';
import type { Picture } from './picture.ts';
import type { Roi } from './roi.ts';
import { Surroundings } from './surroundings.ts';

/** Side of a tile and distance between tiles, in units of the picture's shorter side. */
const TILE = 0.6;
const STEP = 0.4;
const BIG_STEP = 0.8;
/** Side of the square around a lost person, in sides of the region in which the person was last seen. */
const AROUND = 2.5;
/** Tiles looked at in one frame: the whole grid takes some frames, so that an empty scene costs little more than a tracked one. */
const TILES_A_FRAME = 2;

/** A picture with those who are known to be in it. */
export interface PeopledPicture {
  readonly picture: Picture;
  readonly timeSec: number;
  readonly boxes: readonly Box[];
}

type Size = Pick<Picture, 'widthPx' | 'heightPx'>;

const positions = (length: number, side: number, step: number): number[] => {
  const count = Math.max(1, Math.ceil((length - side) / step) + 1);
  return Array.from({ length: count }, (_, i) => (count === 1 ? length / 2 : side / 2 + (i * (length - side)) / (count - 1)));
};

const cover = (picture: Size, sidePx: number, stepPx: number): Roi[] =>
  positions(picture.heightPx, sidePx, stepPx).flatMap((centerYPx) =>
    positions(picture.widthPx, sidePx, stepPx).map((centerXPx) => ({ centerXPx, centerYPx, sidePx, angleRad: 0 })),
  );

/** Overlapping squares that cover the picture: the detector sees people in them several times larger than in the whole picture. */
export const searchTiles = (picture: Size): Roi[] => {
  const short = Math.min(picture.widthPx, picture.heightPx);
  return cover(picture, short * TILE, short * STEP);
};

/** The fewest overlapping squares as high (or wide) as the picture that cover it. */
export const bigSquares = (picture: Size): Roi[] => {
  const short = Math.min(picture.widthPx, picture.heightPx);
  return cover(picture, short, short * BIG_STEP);
};

/** Looks for people, in parts of the picture that are as large as the question allows: the detector works at 224 pixels. */
export class PersonSearch {
  readonly #detector: Pick<PersonDetector, 'detect'>;
  readonly #surroundings = new Surroundings();
  #nextTile = 0;

  constructor(detector: Pick<PersonDetector, 'detect'>) {
    this.#detector = detector;
  }

  /** People in the whole picture, best first. */
  everywhere(picture: Picture): Promise<Detection[]> {
    return this.#detector.detect(picture);
  }

  /** People around a place where somebody was last seen, best first. */
  around(picture: Picture, last: Roi): Promise<Detection[]> {
    const sidePx = Math.min(last.sidePx * AROUND, Math.max(picture.widthPx, picture.heightPx));
    return this.#detector.detect(picture, { ...last, sidePx, angleRad: 0 });
  }

  /** Whether there can be newcomers where `glance` would look in this turn: not if nothing has changed there. */
  canBeNewcomers({ picture, timeSec, boxes }: PeopledPicture, turn: number): boolean {
    return this.#surroundings.haveNews(turn % bigSquares(picture).length, picture, timeSec, boxes);
  }

  /** Likewise, and takes the answer for what is done in this turn. */
  decideGlance({ picture, timeSec, boxes }: PeopledPicture, turn: number): boolean {
    return this.#surroundings.next(turn % bigSquares(picture).length, picture, timeSec, boxes);
  }

  /** Another shot begins. */
  forgetSurroundings(): void {
    this.#surroundings.forget();
  }

  /** Newcomers in one of the big squares, best first: with each `turn` in another. */
  glance(picture: Picture, turn: number): Promise<Detection[]> {
    const squares = bigSquares(picture);
    return this.#detector.detect(picture, squares[turn % squares.length]);
  }

  /** Small people in the next few tiles, best first. */
  async comb(picture: Picture): Promise<Detection[]> {
    const tiles = searchTiles(picture);
    const next = Array.from({ length: TILES_A_FRAME }, () => tiles[this.#nextTile++ % tiles.length]);
    const found = await Promise.all(next.map((tile) => this.#detector.detect(picture, tile)));
    return found.flat().sort((a, b) => b.score - a.score);
  }
}
