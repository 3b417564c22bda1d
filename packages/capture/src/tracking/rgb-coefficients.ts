import type { Picture } from './picture.ts';

/**
 * YUV → RGB in 0..1, as coefficients:
 * `l = y·yScale + yOffset`, `r = l + rv·(v−128)`, `g = l + gu·(u−128) + gv·(v−128)`, `b = l + bu·(u−128)`.
 */
export interface RgbCoefficients {
  readonly yScale: number;
  readonly yOffset: number;
  readonly rv: number;
  readonly gu: number;
  readonly gv: number;
  readonly bu: number;
}

/** Luma weights of red and blue: ITU-R BT.601-7, BT.709-6 and BT.2020-2. */
const WEIGHTS = {
  bt601: { red: 0.299, blue: 0.114 },
  bt709: { red: 0.2126, blue: 0.0722 },
  bt2020: { red: 0.2627, blue: 0.0593 },
} as const;

export const rgbCoefficients = (picture: Pick<Picture, 'fullRange' | 'matrix'>): RgbCoefficients => {
  const { red, blue } = WEIGHTS[picture.matrix];
  const green = 1 - red - blue;
  const yScale = 1 / (picture.fullRange ? 255 : 219);
  const cScale = 1 / (picture.fullRange ? 255 : 224);
  return {
    yScale,
    yOffset: picture.fullRange ? 0 : -16 / 219,
    rv: 2 * (1 - red) * cScale,
    gu: (-2 * (1 - blue) * blue * cScale) / green,
    gv: (-2 * (1 - red) * red * cScale) / green,
    bu: 2 * (1 - blue) * cScale,
  };
};
