import type { Detection } from '../models/detection.ts';
import type { PersonDetector } from '../models/detector.ts';
import type { Picture } from './picture.ts';
import type { Roi } from './roi.ts';

/** Side of a tile and distance between tiles, in units of the picture's shorter side. */
const TILE = 0.6;
const STEP = 0.4;
/** Tiles looked at in one frame: the whole grid takes some frames, so that an empty scene costs little more than a tracked one. */
const TILES_A_FRAME = 2;

const positions = (length: number, side: number, step: number): number[] => {
  const count = Math.max(1, Math.ceil((length - side) / step) + 1);
  return Array.from({ length: count }, (_, i) => (count === 1 ? length / 2 : side / 2 + (i * (length - side)) / (count - 1)));
};

/** Overlapping squares that cover the picture: the detector sees people in them several times larger than in the whole picture. */
export const searchTiles = (picture: Pick<Picture, 'widthPx' | 'heightPx'>): Roi[] => {
  const short = Math.min(picture.widthPx, picture.heightPx);
  const sidePx = short * TILE;
  return positions(picture.heightPx, sidePx, short * STEP).flatMap((centerYPx) =>
    positions(picture.widthPx, sidePx, short * STEP).map((centerXPx) => ({ centerXPx, centerYPx, sidePx, angleRad: 0 })),
  );
};

/** Looks for people in the whole picture and, while nobody is there, tile by tile. */
export class PersonSearch {
  readonly #detector: Pick<PersonDetector, 'detect'>;
  #nextTile = 0;

  constructor(detector: Pick<PersonDetector, 'detect'>) {
    this.#detector = detector;
  }

  /** People in the whole picture, best first. */
  glance(picture: Picture): Promise<Detection[]> {
    return this.#detector.detect(picture);
  }

  /** People in the next few tiles, best first. */
  async comb(picture: Picture): Promise<Detection[]> {
    const tiles = searchTiles(picture);
    const found: Detection[] = [];
    for (let i = 0; i < TILES_A_FRAME; i++) {
      found.push(...(await this.#detector.detect(picture, tiles[this.#nextTile++ % tiles.length])));
    }
    return found.sort((a, b) => b.score - a.score);
  }
}
