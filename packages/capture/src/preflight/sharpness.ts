import type { Picture } from '../tracking/picture.ts';
import { type Box, clipBox } from './box.ts';
import { grayMap } from './gray-map.ts';

/** The person is brought to this height first, so that blur is measured in parts of a body, whatever the size of the picture. */
const BODY_PX = 96;

/**
 * Energy of the finest detail of a person beside all the contrast there is: variance of the Laplacian over variance of the luma
 * (Pech-Pacheco et al., 2000, made independent of light and size). Null for a person too small to tell.
 */
export const sharpnessOf = (picture: Pick<Picture, 'widthPx' | 'heightPx' | 'y' | 'fullRange'>, box: Box): number | null => {
  const seen = clipBox(box, picture);
  const scale = BODY_PX / seen.heightPx;
  const widthPx = Math.round(seen.widthPx * scale);
  if (scale > 1 || widthPx < 8) return null;
  const { values } = grayMap(picture, seen, widthPx, BODY_PX);
  const all = new Moments();
  const fine = new Moments();
  for (let row = 1; row < BODY_PX - 1; row++) {
    for (let column = 1; column < widthPx - 1; column++) {
      const at = row * widthPx + column;
      all.add(values[at]);
      fine.add(4 * values[at] - values[at - 1] - values[at + 1] - values[at - widthPx] - values[at + widthPx]);
    }
  }
  return all.variance > 1e-6 ? fine.variance / all.variance : null;
};

class Moments {
  #count = 0;
  #sum = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    this.#sum += value;
    this.#squares += value * value;
  }

  get variance(): number {
    return this.#squares / this.#count - (this.#sum / this.#count) ** 2;
  }
}
