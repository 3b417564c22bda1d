import { GaitwayError, isGaitwayError } from '@gaitway/motion/errors';
import { DETECTOR_SHAPE, PersonDetector } from './detector.ts';
import { LANDMARKER_SHAPE, PoseLandmarker } from './landmarker.ts';
import { inSharedMemory, type NetworkPlan } from './lane.ts';
import { Lanes } from './lanes.ts';
import { loadOnnx } from './model-cache.ts';
import { type ModelFile, type ModelIdentity, type Quality, readDetectorModel, readLandmarkModel } from './model-files.ts';
import type { NetworkShape } from './onnx-session.ts';
import type { NetworkOptions } from './session.ts';

/** The networks that look at the pictures of a clip, in threads of their own. */
export interface Watchers {
  readonly detector: PersonDetector;
  readonly landmarker: PoseLandmarker;
  readonly models: readonly ModelIdentity[];
  readonly release: () => Promise<void>;
}

const planOf = async (model: ModelFile, shape: NetworkShape, { cacheDir }: NetworkOptions): Promise<NetworkPlan> => ({
  onnx: inSharedMemory(await loadOnnx(model, Object.keys(shape.outputs), cacheDir)),
  shape,
});

/** Reads, converts (the first time) and loads the networks. Rejects with `model_missing`. */
export const openWatchers = async (quality: Quality, options: NetworkOptions): Promise<Watchers> => {
  const [detectorFile, landmarkFile] = await Promise.all([readDetectorModel(), readLandmarkModel(quality)]);
  const [detector, landmarks] = await Promise.all([
    planOf(detectorFile, DETECTOR_SHAPE, options),
    planOf(landmarkFile, LANDMARKER_SHAPE, options),
  ]);
  const lanes = await openLanes(new Map(Object.entries({ detector, landmarks })), options.threads);
  return {
    detector: new PersonDetector(lanes.source('detector')),
    landmarker: new PoseLandmarker(lanes.source('landmarks')),
    models: [detectorFile, landmarkFile].map(({ name, sha256 }) => ({ name, sha256 })),
    release: () => lanes.release(),
  };
};

const openLanes = async (plans: ReadonlyMap<string, NetworkPlan>, threads?: number): Promise<Lanes> => {
  try {
    return await Lanes.open(plans, threads);
  } catch (cause) {
    throw isGaitwayError(cause) ? cause : new GaitwayError('model_missing', { cause });
  }
};
