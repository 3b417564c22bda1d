import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isGaitwayError } from '@gaitway/motion/errors';
import { damagedModel } from './flatbuffer.ts';
import type { ModelFile } from './model-files.ts';
import { parseTflite } from './tflite.ts';
import { CONVERTER_VERSION, convertToOnnx } from './tflite-to-onnx.ts';

const DIGEST_BYTES = 32;

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Where converted models are kept unless the caller names a place. */
export const defaultCacheDirectory = (): string => join(homedir(), '.cache', 'gaitway');

/** The name says everything that the content depends on, so that an entry never goes stale. */
const entryName = (model: ModelFile, outputs: readonly string[]): string => {
  const key = JSON.stringify([model.sha256, CONVERTER_VERSION, outputs]);
  return `${createHash('sha256').update(key).digest('hex').slice(0, 40)}.onnx`;
};

/** An entry is the SHA-256 of the model followed by the model: half-written or altered files are not believed. */
const readEntry = async (path: string): Promise<Uint8Array | undefined> => {
  const file = await readFile(path).catch(() => undefined);
  if (!file || file.length <= DIGEST_BYTES) return undefined;
  const body = file.subarray(DIGEST_BYTES);
  return sha256(body).equals(file.subarray(0, DIGEST_BYTES)) ? body : undefined;
};

/** Writes beside the entry and renames, so that a second process sees the whole entry or none. */
const writeEntry = async (directory: string, path: string, onnx: Uint8Array): Promise<void> => {
  const temporary = join(directory, `.${randomUUID()}.tmp`);
  await mkdir(directory, { recursive: true });
  try {
    await writeFile(temporary, Buffer.concat([sha256(onnx), onnx]));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

/** A damaged file can break the conversion in many places; for the user they are all one. */
const convert = (model: ModelFile, outputs: readonly string[]): Uint8Array => {
  try {
    return convertToOnnx(parseTflite(model.bytes), outputs);
  } catch (error) {
    throw isGaitwayError(error) ? error : damagedModel(model.name, error);
  }
};

/**
 * The ONNX form of a model with the named outputs: from the cache, or converted (0.3–3 s) and cached for the next time. A cache
 * that cannot be written costs time, not the job: the model is then converted in memory.
 */
export const loadOnnx = async (
  model: ModelFile,
  outputs: readonly string[],
  directory: string = defaultCacheDirectory(),
): Promise<Uint8Array> => {
  const path = join(directory, entryName(model, outputs));
  const cached = await readEntry(path);
  if (cached) return cached;
  const onnx = convert(model, outputs);
  await writeEntry(directory, path, onnx).catch(() => undefined);
  return onnx;
};
