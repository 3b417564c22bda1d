import { type CropOptions, cropToRgb } from '../tracking/crop.ts';
import type { Picture } from '../tracking/picture.ts';
import type { Roi } from '../tracking/roi.ts';
import { anchorCenters, DETECTOR_SIDE_PX } from './anchors.ts';
import { type Detection, suppress } from './detection.ts';
import type { ModelFile } from './model-files.ts';
import type { Network, NetworkShape } from './onnx-session.ts';
import { alone, type NetworkOptions, type NetworkSource, openNetwork } from './session.ts';

const ANCHORS = 2254;
const VALUES = 12;
const MIN_SCORE = 0.5;
const MAX_OVERLAP = 0.3;
const CROP: CropOptions = { sidePx: DETECTOR_SIDE_PX, border: 'black', low: -1, high: 1 };
export const DETECTOR_OUTPUTS = { Identity: [1, ANCHORS, VALUES], Identity_1: [1, ANCHORS, 1] } as const;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The whole picture, letterboxed into a square. */
export const wholePicture = (picture: Pick<Picture, 'widthPx' | 'heightPx'>): Roi => ({
  centerXPx: picture.widthPx / 2,
  centerYPx: picture.heightPx / 2,
  sidePx: Math.max(picture.widthPx, picture.heightPx),
  angleRad: 0,
});

/** One anchor's values (224-pixel units around the anchor) → pixels of the picture. `square` is not rotated. */
const decode = (boxes: Float32Array, anchors: Float32Array, anchor: number, score: number, square: Roi): Detection => {
  const at = anchor * VALUES;
  const left = square.centerXPx - square.sidePx / 2;
  const top = square.centerYPx - square.sidePx / 2;
  const x = (value: number): number => left + (boxes[at + value] / DETECTOR_SIDE_PX + anchors[anchor * 2]) * square.sidePx;
  const y = (value: number): number => top + (boxes[at + value] / DETECTOR_SIDE_PX + anchors[anchor * 2 + 1]) * square.sidePx;
  const size = (value: number): number => (boxes[at + value] / DETECTOR_SIDE_PX) * square.sidePx;
  return { score, centerX: x(0), centerY: y(1), width: size(2), height: size(3), hipX: x(4), hipY: y(5), rimX: x(6), rimY: y(7) };
};

/** Finds people (BlazePose detector, 224 × 224). */
export class PersonDetector {
  readonly #networks: NetworkSource;
  readonly #anchors = anchorCenters();

  constructor(networks: NetworkSource) {
    this.#networks = networks;
  }

  /** People inside a square of the picture, in pixels of the picture, best first. */
  detect(picture: Picture, square: Roi = wholePicture(picture)): Promise<Detection[]> {
    return this.#networks.use(async (network) => {
      cropToRgb(picture, square, CROP, network.input);
      await network.run();
      return this.#read(network, square);
    });
  }

  #read(network: Network, square: Roi): Detection[] {
    const boxes = network.output('Identity');
    const logits = network.output('Identity_1');
    const found: Detection[] = [];
    for (let anchor = 0; anchor < ANCHORS; anchor++) {
      const score = sigmoid(logits[anchor]);
      if (score >= MIN_SCORE) found.push(decode(boxes, this.#anchors, anchor, score, square));
    }
    return suppress(found, MAX_OVERLAP);
  }

  release(): Promise<void> {
    return this.#networks.release();
  }
}

export const DETECTOR_SHAPE: NetworkShape = { inputSidePx: DETECTOR_SIDE_PX, outputs: DETECTOR_OUTPUTS };

export const openDetector = async (model: ModelFile, options: NetworkOptions): Promise<PersonDetector> =>
  new PersonDetector(alone(await openNetwork(model, DETECTOR_SHAPE, options)));
