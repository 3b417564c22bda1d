/** Where the panels of the preview picture lie, pixels; every number is even, as 4:2:0 video wants. */
export interface Layout {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The source picture fills the left part entirely: same aspect ratio, nothing cut. */
  readonly sourceWidthPx: number;
  readonly sourceHeightPx: number;
  readonly sourceTopPx: number;
  /** Of each stage; they stand side by side to the right of the source. */
  readonly stageWidthPx: number;
}

const WIDTH_PX = 1280;
const MIN_HEIGHT_PX = 400;
const MAX_HEIGHT_PX = 720;
const MIN_STAGE_WIDTH_PX = [360, 280] as const;

/** One stage is square beside its source; several are slimmer, as people are. */
const STAGE_ASPECT = [1, 0.72] as const;

/** Motion without a video: one stage, or two side by side. */
export function layoutAlone(stages: 1 | 2): Layout {
  const sizes = { heightPx: 540, sourceWidthPx: 0, sourceHeightPx: 0, sourceTopPx: 0 };
  return stages === 1 ? { ...sizes, widthPx: 720, stageWidthPx: 720 } : { ...sizes, widthPx: WIDTH_PX, stageWidthPx: WIDTH_PX / 2 };
}

const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);

/**
 * Splits a picture 1280 wide between the source and one or two 3D views, as high as all of them can fill.
 *
 * With one, 16:9 gives 820 × 460 beside 460 × 460 and 9:16 gives 404 × 720 beside 876 × 720.
 */
export function layoutFor(sourceWidthPx: number, sourceHeightPx: number, stages: 1 | 2 = 1): Layout {
  const aspect = sourceWidthPx / sourceHeightPx;
  const stageAspect = STAGE_ASPECT[stages - 1] * stages;
  const heightPx = even(Math.min(MAX_HEIGHT_PX, Math.max(MIN_HEIGHT_PX, WIDTH_PX / (aspect + stageAspect))));
  // Both stages are of the same even width: what is to be shared out must be a multiple of four.
  const most = WIDTH_PX - stages * MIN_STAGE_WIDTH_PX[stages - 1];
  const free = Math.round((WIDTH_PX - Math.min(even(heightPx * aspect), most)) / (2 * stages)) * 2 * stages;
  const width = WIDTH_PX - free;
  const height = Math.min(heightPx, even(width / aspect));
  return {
    widthPx: WIDTH_PX,
    heightPx,
    sourceWidthPx: width,
    sourceHeightPx: height,
    sourceTopPx: even((heightPx - height) / 2 + 1) - 2,
    stageWidthPx: free / stages,
  };
}
