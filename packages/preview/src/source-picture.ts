/** One decoded picture of the source, 8-bit planar 4:2:0; it is read before the next one is asked for. */
export interface PreviewFrame {
  /** Seconds since the start of the clip. */
  readonly timeSec: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  /** Samples span 0..255 rather than 16..235. */
  readonly fullRange: boolean;
  readonly matrix: 'bt601' | 'bt709' | 'bt2020';
}

/** Weights of red and blue in luma (ITU-R BT.601, BT.709, BT.2020). */
const LUMA = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722], bt2020: [0.2627, 0.0593] } as const;

/** Converts a picture to RGBA in `out` (`width × height × 4`), chroma repeated over 2 × 2 pixels. */
export function toRgba(out: Uint8ClampedArray, frame: PreviewFrame): void {
  const { widthPx, heightPx, y, u, v, fullRange } = frame;
  const [redWeight, blueWeight] = LUMA[frame.matrix];
  const lumaGain = fullRange ? 1 : 255 / 219;
  const lumaBlack = fullRange ? 0 : 16;
  const chromaGain = fullRange ? 1 : 255 / 224;
  const redGain = 2 * (1 - redWeight) * chromaGain;
  const blueGain = 2 * (1 - blueWeight) * chromaGain;
  const greenWeight = 1 - redWeight - blueWeight;
  const greenFromRed = (redGain * redWeight) / greenWeight;
  const greenFromBlue = (blueGain * blueWeight) / greenWeight;
  const chromaWidth = (widthPx + 1) >> 1;
  let o = 0;
  for (let row = 0; row < heightPx; row++) {
    const chromaRow = (row >> 1) * chromaWidth;
    for (let column = 0; column < widthPx; column++) {
      const luma = (y[row * widthPx + column] - lumaBlack) * lumaGain;
      const cb = u[chromaRow + (column >> 1)] - 128;
      const cr = v[chromaRow + (column >> 1)] - 128;
      out[o] = luma + redGain * cr;
      out[o + 1] = luma - greenFromRed * cr - greenFromBlue * cb;
      out[o + 2] = luma + blueGain * cb;
      out[o + 3] = 255;
      o += 4;
    }
  }
}
