import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GaitwayError } from '@gaitway/motion/errors';
import { LANDMARK_COUNT } from '../landmarks.ts';
import { damagedModel } from '../models/flatbuffer.ts';
import type { Quality } from '../models/model-files.ts';
import { halves } from '../models/tflite-constants.ts';
import { BODY_POINTS } from './body-points.ts';

/** Values of a point that the network gives: 3 in the body, 2 in the plane, log widths of both and of depth. */
export const OUTPUTS_PER_POINT = 8;
const MAGIC = 'GWLIFT1\n';
const MOST_BYTES = 4 << 20;
const MOST_HIDDEN = 1024;
const MOST_OFFSETS = 16;

/** The trained network: two hidden layers, and a linear path from the frame itself. Matrices are row-major, one row an output. */
export interface LiftNetwork {
  readonly sha256: string;
  /** Landmarks that it reads, indices into `LANDMARKS`. */
  readonly landmarks: readonly number[];
  /** Times of the other frames that it reads, relative to the frame's own. */
  readonly offsetsSec: readonly number[];
  readonly inputs: number;
  /** The first inputs are of the frame itself: they also go the linear path. */
  readonly nowInputs: number;
  readonly hidden: number;
  readonly outputs: number;
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  readonly w2: Float32Array;
  readonly b2: Float32Array;
  readonly w3: Float32Array;
  readonly skip: Float32Array;
  readonly b3: Float32Array;
}

interface Delivered {
  readonly file: string;
  readonly sha256: string;
}

const BALANCED: Delivered = {
  file: 'body-points-balanced.bin',
  sha256: 'af9fa8db8a72783d69ffdc76383f218dc0b3f3fb8e7c1a1343c5ab27401cc801',
};
const ACCURATE: Delivered = {
  file: 'body-points-accurate.bin',
  sha256: 'ccdf1bfc7af7d926c4878b34b14aa47089df4287df2f6fe0b29e3bf3c838edf3',
};
/** Weights trained on what each landmark network sees; `fast` borrows those of `balanced`. */
const FILES: Readonly<Record<Quality, Delivered>> = { fast: BALANCED, balanced: BALANCED, accurate: ACCURATE };

/** Reads the weights that belong to a landmark network. Throws `model_missing` if the file is not the one that was delivered. */
export function readLiftNetwork(quality: Quality, directory = new URL('../../assets/', import.meta.url)): LiftNetwork {
  const { file, sha256 } = FILES[quality];
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(new URL(file, directory));
  } catch (cause) {
    throw new GaitwayError('model_missing', { cause });
  }
  const network = parseLiftNetwork(bytes);
  if (network.sha256 !== sha256) throw damagedModel(`${file}: wrong hash`);
  return network;
}

interface Header {
  readonly landmarks: readonly number[];
  readonly offsetsSec: readonly number[];
  readonly hidden: number;
}

/** Parses a weight file: magic, length of the header, header as JSON, float16 matrices. */
export function parseLiftNetwork(bytes: Uint8Array): LiftNetwork {
  if (bytes.length > MOST_BYTES || bytes.length < 12) throw damagedModel('lift: size');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(8, true);
  const start = 12 + headerLength;
  if (new TextDecoder('latin1').decode(bytes.subarray(0, 8)) !== MAGIC || start > bytes.length) throw damagedModel('lift: header');
  const { landmarks, offsetsSec, hidden } = readHeader(bytes.subarray(12, start));
  const nowInputs = landmarks.length * 6 + 1;
  const inputs = nowInputs + offsetsSec.length * landmarks.length * 5;
  const outputs = BODY_POINTS.length * OUTPUTS_PER_POINT;
  const sizes = [hidden * inputs, hidden, hidden * hidden, hidden, outputs * hidden, outputs * nowInputs, outputs];
  if (start + 2 * sizes.reduce((sum, size) => sum + size, 0) !== bytes.length) throw damagedModel('lift: length');
  let at = start;
  const [w1, b1, w2, b2, w3, skip, b3] = sizes.map((size) => {
    const values = halves(bytes.subarray(at, at + size * 2));
    at += size * 2;
    return values;
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, landmarks, offsetsSec, inputs, nowInputs, hidden, outputs, w1, b1, w2, b2, w3, skip, b3 };
}

function readHeader(bytes: Uint8Array): Header {
  let header: Partial<Record<'landmarks' | 'offsetsSec' | 'hidden' | 'points', unknown>>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes)) as typeof header;
  } catch (cause) {
    throw damagedModel('lift: header', cause);
  }
  const { landmarks, offsetsSec, hidden } = header ?? {};
  const isLandmark = (x: unknown): x is number => Number.isInteger(x) && (x as number) >= 0 && (x as number) < LANDMARK_COUNT;
  const isTime = (x: unknown): x is number => typeof x === 'number' && Math.abs(x) <= 2;
  if (!Array.isArray(landmarks) || !landmarks.every(isLandmark) || new Set(landmarks).size !== landmarks.length)
    throw damagedModel('lift: landmarks');
  if (!Array.isArray(offsetsSec) || offsetsSec.length > MOST_OFFSETS || !offsetsSec.every(isTime)) throw damagedModel('lift: offsets');
  if (!Number.isInteger(hidden) || (hidden as number) < 1 || (hidden as number) > MOST_HIDDEN) throw damagedModel('lift: hidden');
  if (JSON.stringify(header.points) !== JSON.stringify(BODY_POINTS)) throw damagedModel('lift: points');
  return { landmarks, offsetsSec, hidden: hidden as number };
}
