/** Where the two halves of the preview picture lie, pixels; every number is even, as 4:2:0 video wants. */
export interface Layout {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The source picture fills the left part entirely: same aspect ratio, nothing cut. */
  readonly sourceWidthPx: number;
  readonly sourceHeightPx: number;
  readonly sourceTopPx: number;
  readonly stageWidthPx: number;
}

const WIDTH_PX = 1280;
const MIN_HEIGHT_PX = 400;
const MAX_HEIGHT_PX = 720;
const MIN_STAGE_WIDTH_PX = 360;

/** A motion without a video. */
export const LAYOUT_ALONE: Layout = {
  widthPx: 720,
  heightPx: 540,
  sourceWidthPx: 0,
  sourceHeightPx: 0,
  sourceTopPx: 0,
  stageWidthPx: 720,
};

const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);

/**
 * Splits a picture 1280 wide between the source and the 3D view, as high as both can fill.
 *
 * 16:9 gives 820 × 460 beside 460 × 460; 9:16 gives 404 × 720 beside 876 × 720.
 */
export function layoutFor(sourceWidthPx: number, sourceHeightPx: number): Layout {
  const aspect = sourceWidthPx / sourceHeightPx;
  const heightPx = even(Math.min(MAX_HEIGHT_PX, Math.max(MIN_HEIGHT_PX, WIDTH_PX / (aspect + 1))));
  const width = Math.min(even(heightPx * aspect), WIDTH_PX - MIN_STAGE_WIDTH_PX);
  const height = Math.min(heightPx, even(width / aspect));
  return {
    widthPx: WIDTH_PX,
    heightPx,
    sourceWidthPx: width,
    sourceHeightPx: height,
    sourceTopPx: even((heightPx - height) / 2 + 1) - 2,
    stageWidthPx: WIDTH_PX - width,
  };
}
