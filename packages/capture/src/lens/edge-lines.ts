import type { Chain } from './chains.ts';
import { fitChain, joinChains } from './chains.ts';
import { EdgeScan } from './edge-scan.ts';
import type { Plate } from './plate.ts';

/** Straight edges of a picture, a row a line; positions in pixels from its centre, x right, y down. */
export interface Lines {
  readonly count: number;
  /** `count × 2`: middle of the line. */
  readonly middles: Float64Array;
  /** `count × 2`: unit vector along it. */
  readonly directions: Float64Array;
  /** `count`: pixels. */
  readonly lengths: Float64Array;
  /** `count`: standard deviation of its direction as measured, radians. */
  readonly sigmas: Float64Array;
}

interface Line {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly lengthPx: number;
  readonly sigma: number;
}

/** Shorter edges tell little, and curves look straight in short pieces: part of the diagonal. */
const SHORTEST = 0.028;
/** Points of an edge err together over some pixels (blur, blocks of the codec): as if there were fewer of them by this. */
const TOGETHER = 5;
/** What an edge point is off by at least, pixels. */
const LEAST_NOISE_PX = 0.06;
/**
 * An edge that does not get from one row of pixels to the next shows its lean only by how rows were mixed, which drawing without smooth
 * edges, sharpening and enlarging undo: the end of one that crosses fewer rows than this is off by so much, pixels.
 */
const FEW_ROWS = 1.5;
const STEP_NOISE_PX = 0.3;
/** Longest lines that are kept. */
const MOST_LINES = 400;

/** The straight edges of a plate, longest first. */
export function edgeLines(plate: Plate): Lines {
  const { widthPx, heightPx } = plate;
  const shortest = Math.max(16, SHORTEST * Math.hypot(widthPx, heightPx));
  const slopes = new Int16Array(widthPx * heightPx);
  // One scan after the other: they share the memory.
  const lines = [true, false].flatMap((isUpright) => {
    const chains = joinChains(new EdgeScan(plate, slopes, isUpright).collect(shortest / Math.SQRT2));
    return chains.map((chain) => lineOf(chain, isUpright)).filter((line) => line.lengthPx >= shortest && isOwn(line, isUpright));
  });
  return pack(lines.sort((a, b) => b.lengthPx - a.lengthPx).slice(0, MOST_LINES));
}

/** Lines past 45° are those of the other scan. */
const isOwn = ({ dx, dy }: Line, isUpright: boolean): boolean => Math.abs(dx) < Math.abs(dy) === isUpright;

function lineOf(chain: Chain, isUpright: boolean): Line {
  const { middleT, middleS, lean, rms, leanPerPx } = fitChain(chain);
  const norm = Math.hypot(1, lean);
  const rows = chain.to - chain.from;
  const measured = (Math.max(LEAST_NOISE_PX, rms) * Math.sqrt(TOGETHER) * leanPerPx) / (norm * norm);
  const sigma = Math.abs(lean) * rows < FEW_ROWS ? Math.hypot(measured, STEP_NOISE_PX / rows) : measured;
  const shared = { lengthPx: norm * rows, sigma };
  return isUpright
    ? { x: middleS, y: middleT, dx: lean / norm, dy: 1 / norm, ...shared }
    : { x: middleT, y: middleS, dx: 1 / norm, dy: lean / norm, ...shared };
}

const pack = (lines: readonly Line[]): Lines => ({
  count: lines.length,
  middles: Float64Array.from(lines.flatMap(({ x, y }) => [x, y])),
  directions: Float64Array.from(lines.flatMap(({ dx, dy }) => [dx, dy])),
  lengths: Float64Array.from(lines, ({ lengthPx }) => lengthPx),
  sigmas: Float64Array.from(lines, ({ sigma }) => sigma),
});
