import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GaitwayError } from '@gaitway/motion/errors';
import type { BatchItem } from './plan.ts';

/** How one video ended. */
export interface BatchEntry {
  readonly video: string;
  readonly status: 'done' | 'failed';
  /** Of the video. */
  readonly sourceSha256: string;
  /** Of the options and the version that the files were made with. */
  readonly optionsSha256: string;
  readonly seconds: number;
  /** The sentence of what went wrong. */
  readonly error: string | null;
}

const RECORD_NAME = 'batch.json';

/** `batch.json` in the folder of the results: what is done already, and with what. Whatever is not such a file counts as nothing done. */
export async function readRecord(outDir: string): Promise<ReadonlyMap<string, BatchEntry>> {
  const text = await readFile(path.join(outDir, RECORD_NAME), 'utf8').catch(() => '');
  const entries = parseJson(text);
  return new Map(Array.isArray(entries) ? entries.filter(isEntry).map((entry) => [entry.video, entry]) : []);
}

/** Whole or not at all: written beside and renamed. */
export async function writeRecord(outDir: string, entries: Iterable<BatchEntry>): Promise<void> {
  const staged = path.join(outDir, `.batch-${randomUUID()}`);
  try {
    await mkdir(outDir, { recursive: true });
    await writeFile(staged, `${JSON.stringify([...entries], null, 2)}\n`);
    await rename(staged, path.join(outDir, RECORD_NAME));
  } catch (cause) {
    await rm(staged, { force: true }).catch(() => undefined);
    throw new GaitwayError('output_unwritable', { cause });
  }
}

/** The record says so, and every file that the manifest names is there at its full size. */
export async function isDone(
  item: BatchItem,
  entry: BatchEntry | undefined,
  sourceSha256: string,
  optionsSha256: string,
): Promise<boolean> {
  const matches = entry?.status === 'done' && entry.sourceSha256 === sourceSha256 && entry.optionsSha256 === optionsSha256;
  if (!matches) return false;
  const manifest = parseJson(await readFile(path.join(item.outDir, 'manifest.json'), 'utf8').catch(() => ''));
  const files = filesOf(manifest);
  if (files.length === 0) return false;
  const whole = await Promise.all(files.map(({ name, bytes }) => hasSize(path.join(item.outDir, path.basename(name)), bytes)));
  return whole.every(Boolean);
}

export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

const hasSize = (file: string, bytes: number): Promise<boolean> =>
  stat(file).then(
    ({ size }) => size === bytes,
    () => false,
  );

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isEntry = (value: unknown): value is BatchEntry =>
  isRecord(value) &&
  ['video', 'sourceSha256', 'optionsSha256'].every((key) => typeof value[key] === 'string') &&
  (value.status === 'done' || value.status === 'failed') &&
  typeof value.seconds === 'number' &&
  (value.error === null || typeof value.error === 'string');

interface NamedFile {
  readonly name: string;
  readonly bytes: number;
}

const isNamedFile = (value: unknown): value is NamedFile =>
  isRecord(value) && typeof value.name === 'string' && typeof value.bytes === 'number';

/** Files of the manifest and of its targets. */
function filesOf(manifest: unknown): NamedFile[] {
  if (!isRecord(manifest)) return [];
  const targets = Array.isArray(manifest.targets) ? manifest.targets.filter(isRecord) : [];
  return [manifest, ...targets].flatMap(({ files }) => (Array.isArray(files) ? files.filter(isNamedFile) : []));
}
