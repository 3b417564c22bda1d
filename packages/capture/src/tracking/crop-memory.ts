import { compileModule, instantiate, type WasmInstance } from '../fit/wasm-instance.ts';
import { CROP_NUMBERS, type CropNumbers, cropKernel, SAMPLE_ROW } from './crop-kernel.ts';
import type { Picture } from './picture.ts';

const module = compileModule(cropKernel());

/** The numbers of the kernel come first, then the result, then the rows of the picture. */
const RESULT_AT = 128;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Rows `first` to before `end` of a plane. */
interface Rows {
  readonly plane: Uint8Array;
  readonly widthPx: number;
  readonly first: number;
  readonly end: number;
}

/** Rows of a picture in which every sample between luma rows `top` and `bottom` lies, of luma and of the two planes of chroma. */
const rowsBetween = ({ y, u, v, widthPx, heightPx }: Picture, top: number, bottom: number): readonly Rows[] => {
  const rows = (plane: Uint8Array, width: number, height: number, from: number, to: number): Rows => {
    const first = Math.min(height, Math.max(0, Math.floor(from) - 1));
    return { plane, widthPx: width, first, end: Math.max(first, Math.min(height, Math.floor(to) + 3)) };
  };
  const [chromaWidth, chromaHeight] = [(widthPx + 1) >> 1, (heightPx + 1) >> 1];
  return [
    rows(y, widthPx, heightPx, top, bottom),
    ...[u, v].map((plane) => rows(plane, chromaWidth, chromaHeight, top / 2 - 0.25, bottom / 2 - 0.25)),
  ];
};

/** The memory in which crops are made: rows of a picture go in, a square of colours comes out. */
export class CropMemory {
  /** `3 × side × side`, planes R, G, B. */
  readonly result: Float32Array;
  readonly #kernel: WasmInstance;
  readonly #sidePx: number;
  readonly #addresses: readonly number[];
  readonly #widths: readonly number[];

  private constructor(kernel: WasmInstance, sidePx: number, rows: readonly Rows[]) {
    this.#kernel = kernel;
    this.#sidePx = sidePx;
    this.result = new Float32Array(kernel.memory, RESULT_AT, 3 * sidePx * sidePx);
    const bytes = new Uint8Array(kernel.memory);
    let at = RESULT_AT + this.result.byteLength;
    // Addresses of the planes as if all of their rows were there.
    this.#addresses = rows.map(({ plane, widthPx, first, end }) => {
      bytes.set(plane.subarray(first * widthPx, end * widthPx), at);
      at += (end - first) * widthPx;
      return at - end * widthPx;
    });
    this.#widths = rows.map(({ widthPx }) => widthPx);
  }

  /** Takes in what a crop of a picture needs; `top` and `bottom`: the luma rows between which it samples. Overwrites the crop before. */
  static load(picture: Picture, top: number, bottom: number, sidePx: number, numbers: CropNumbers): CropMemory {
    const rows = rowsBetween(picture, top, bottom);
    const pictureBytes = rows.reduce((sum, { widthPx, first, end }) => sum + (end - first) * widthPx, 0);
    const kernel = kernelWith(RESULT_AT + 3 * sidePx * sidePx * FLOAT_BYTES + pictureBytes);
    new Float64Array(kernel.memory, 0, CROP_NUMBERS.length).set(CROP_NUMBERS.map((name) => numbers[name]));
    return new CropMemory(kernel, sidePx, rows);
  }

  /** Samples pixels `from` to before `to` of the result, four at least, of which the one of index 0 would be at the origin. */
  sampleRow(originX: number, originY: number, from: number, to: number): void {
    const [luma, u, v] = this.#addresses;
    const planeBytes = this.#sidePx * this.#sidePx * FLOAT_BYTES;
    this.#kernel.call(originX, originY, from, to, luma, u, v, this.#widths[0], this.#widths[1], RESULT_AT, planeBytes);
  }
}

/** Kept from crop to crop, and replaced by a larger one where that is needed. */
let kept: WasmInstance | undefined;

const kernelWith = (bytes: number): WasmInstance => {
  if (!kept || kept.memory.byteLength < bytes) kept = instantiate(module, SAMPLE_ROW, bytes);
  return kept;
};
