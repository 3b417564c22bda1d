import { LANDMARK_COUNT } from '../landmarks.ts';
import { type CropOptions, cropToRgb } from '../tracking/crop.ts';
import type { Picture } from '../tracking/picture.ts';
import type { Roi } from '../tracking/roi.ts';
import { refineFromHeatmap } from './heatmap.ts';
import { mirroredIndex } from './mirror.ts';
import type { ModelFile } from './model-files.ts';
import type { Network, NetworkShape } from './onnx-session.ts';
import { alone, type NetworkOptions, type NetworkSource, openNetwork } from './session.ts';

const SIDE_PX = 256;
const HEATMAP_SIDE = 64;
/** The 33 landmarks of the body, then the two alignment points that give the next region. */
const USED = LANDMARK_COUNT + 2;
const MODEL_LANDMARKS = 39;
const VALUES = 5;
export const LANDMARKER_OUTPUTS = {
  Identity: [1, MODEL_LANDMARKS * VALUES],
  Identity_1: [1, 1],
  Identity_3: [1, MODEL_LANDMARKS, HEATMAP_SIDE, HEATMAP_SIDE],
  Identity_4: [1, MODEL_LANDMARKS * 3],
} as const;
const CROP: CropOptions = { sidePx: SIDE_PX, border: 'replicate', low: 0, high: 1 };
const MIRRORED_CROP: CropOptions = { ...CROP, mirrored: true };

/** What the network says about one square. */
export interface Pose {
  /** `33 × 3`: pixels of the picture; z in the same unit, smaller is nearer. */
  readonly imagePx: Float32Array;
  /** `33 × 3`: metres, axes of the camera, origin between the hips. */
  readonly worldM: Float32Array;
  /** `33`, 0..1. */
  readonly visibility: Float32Array;
  /** `2 × 2`: centre between the hips and a point on the circle around the body, pixels of the picture. */
  readonly alignmentPx: Float32Array;
}

/** A pose and how sure the network is that somebody is there, 0..1. */
export interface SeenPose {
  readonly score: number;
  readonly pose: Pose;
}

const emptyPose = (): Pose => ({
  imagePx: new Float32Array(LANDMARK_COUNT * 3),
  worldM: new Float32Array(LANDMARK_COUNT * 3),
  visibility: new Float32Array(LANDMARK_COUNT),
  alignmentPx: new Float32Array(4),
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Reads and refines the points of the square, `35 × 3` into `points`; the answer to a mirrored square is mirrored back. */
const readPoints = (network: Network, mirrored: boolean, points: Float32Array, visibility: Float32Array): void => {
  const raw = network.output('Identity');
  const heatmaps = network.output('Identity_3');
  for (let i = 0; i < USED; i++) {
    const source = mirrored ? mirroredIndex(i) : i;
    for (let k = 0; k < 3; k++) points[i * 3 + k] = raw[source * VALUES + k] / SIDE_PX;
    refineFromHeatmap(heatmaps, HEATMAP_SIDE, source, points, i * 3);
    if (mirrored) points[i * 3] = 1 - points[i * 3];
    if (i < LANDMARK_COUNT) visibility[i] = sigmoid(raw[source * VALUES + 3]);
  }
};

/** Brings the points of the square into the picture. */
const projectImage = (points: Float32Array, roi: Roi, { imagePx, alignmentPx }: Pose): void => {
  const cos = Math.cos(roi.angleRad) * roi.sidePx;
  const sin = Math.sin(roi.angleRad) * roi.sidePx;
  for (let i = 0; i < USED; i++) {
    const x = points[i * 3] - 0.5;
    const y = points[i * 3 + 1] - 0.5;
    const [out, at] = i < LANDMARK_COUNT ? [imagePx, i * 3] : [alignmentPx, (i - LANDMARK_COUNT) * 2];
    out[at] = roi.centerXPx + cos * x - sin * y;
    out[at + 1] = roi.centerYPx + sin * x + cos * y;
    if (i < LANDMARK_COUNT) imagePx[i * 3 + 2] = points[i * 3 + 2] * roi.sidePx;
  }
};

/** The network's metres have the axes of the square: they are turned back to those of the camera. */
const projectWorld = (network: Network, roi: Roi, mirrored: boolean, worldM: Float32Array): void => {
  const raw = network.output('Identity_4');
  const cos = Math.cos(roi.angleRad);
  const sin = Math.sin(roi.angleRad);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const from = (mirrored ? mirroredIndex(i) : i) * 3;
    const x = mirrored ? -raw[from] : raw[from];
    const y = raw[from + 1];
    worldM[i * 3] = cos * x - sin * y;
    worldM[i * 3 + 1] = sin * x + cos * y;
    worldM[i * 3 + 2] = raw[from + 2];
  }
};

/** Finds the 33 landmarks of the person in a square of the picture (BlazePose, 256 × 256). */
export class PoseLandmarker {
  readonly #networks: NetworkSource;
  /** `35 × 3`: x, y in 0..1 of the square, z in the same unit. */
  readonly #points = new Float32Array(USED * 3);

  constructor(networks: NetworkSource) {
    this.#networks = networks;
  }

  /**
   * What the network sees in a square. `mirrored` shows it the square as in a mirror and swaps the answer back, so that the result
   * means the same: an independent second opinion. Several looks may be under way: the picture must last until the answer is there.
   */
  look(picture: Picture, roi: Roi, mirrored = false): Promise<SeenPose> {
    return this.#networks.use(async (network) => {
      cropToRgb(picture, roi, mirrored ? MIRRORED_CROP : CROP, network.input);
      await network.run();
      const pose = emptyPose();
      readPoints(network, mirrored, this.#points, pose.visibility);
      projectImage(this.#points, roi, pose);
      projectWorld(network, roi, mirrored, pose.worldM);
      return { score: network.output('Identity_1')[0], pose };
    });
  }

  release(): Promise<void> {
    return this.#networks.release();
  }
}

export const LANDMARKER_SHAPE: NetworkShape = { inputSidePx: SIDE_PX, outputs: LANDMARKER_OUTPUTS };

export const openLandmarker = async (model: ModelFile, options: NetworkOptions): Promise<PoseLandmarker> =>
  new PoseLandmarker(alone(await openNetwork(model, LANDMARKER_SHAPE, options)));
