import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GaitwayError } from '@gaitway/motion/errors';
import { damagedModel } from './flatbuffer.ts';

/** Which landmark network: `fast` = lite, `balanced` = full, `accurate` = heavy. */
export type Quality = 'fast' | 'balanced' | 'accurate';

/** A model as it goes into the manifest. */
export interface ModelIdentity {
  readonly name: string;
  /** Of the TensorFlow Lite bytes, lower-case hex. */
  readonly sha256: string;
}

export interface ModelFile extends ModelIdentity {
  readonly bytes: Uint8Array;
}

const LANDMARK_FILES: Readonly<Record<Quality, string>> = {
  fast: 'pose_landmark_lite.tflite',
  balanced: 'pose_landmark_full.tflite',
  accurate: 'pose_landmark_heavy.tflite',
};
const PACKED_FILE = 'pose_solution_packed_assets';
const DETECTOR_NAME = 'pose_detection.tflite';

const packageDirectory = (): string => {
  try {
    return dirname(createRequire(import.meta.url).resolve('@mediapipe/pose/package.json'));
  } catch (cause) {
    throw new GaitwayError('model_missing', { cause });
  }
};

const readModelFile = async (file: string, directory: string): Promise<Uint8Array> => {
  try {
    return await readFile(join(directory, file));
  } catch (cause) {
    throw new GaitwayError('model_missing', { cause });
  }
};

const named = (name: string, bytes: Uint8Array): ModelFile => ({ name, bytes, sha256: createHash('sha256').update(bytes).digest('hex') });

export const readLandmarkModel = async (quality: Quality, directory = packageDirectory()): Promise<ModelFile> =>
  named(LANDMARK_FILES[quality], await readModelFile(LANDMARK_FILES[quality], directory));

/** Where the detector lies inside the packed file, as its loader script next to it says. */
const packedRange = (loader: string): [number, number] => {
  const match = /pose_detection\.tflite",\s*"start":\s*(\d{1,12}),\s*"end":\s*(\d{1,12})/.exec(loader);
  if (!match) throw damagedModel('packed assets: no detector in the loader');
  return [Number(match[1]), Number(match[2])];
};

export const readDetectorModel = async (directory = packageDirectory()): Promise<ModelFile> => {
  const [packed, loader] = await Promise.all([
    readModelFile(`${PACKED_FILE}.data`, directory),
    readModelFile(`${PACKED_FILE}_loader.js`, directory),
  ]);
  const [start, end] = packedRange(new TextDecoder().decode(loader));
  if (start >= end || end > packed.length) throw damagedModel('packed assets: detector outside the file');
  return named(DETECTOR_NAME, packed.subarray(start, end));
};
