/** A result's files onto the disk, under names that a hostile server cannot choose freely. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { downloadToFile } from '@gaitway/client/node-download';
import type { JobResult, ResultFile } from '@gaitway/client/wire-types';

export interface PlannedFile {
  readonly file: ResultFile;
  readonly name: string;
}

const MAX_FILES = 1_000;

/** A plain file name, or one made plain. */
export function safeFileName(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N} ._()-]/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '_')
    .slice(0, 120);
  return plain === '' ? 'file' : plain;
}

/** Which file goes where: two targets' files of one name are told apart by their target. */
export function planDownloads(result: JobResult): PlannedFile[] {
  const owned = result.outputs.flatMap((output) => output.files.map((file) => ({ file, owner: output.targetId })));
  const all = [...owned, ...(result.files ?? []).map((file) => ({ file, owner: 'job' }))].slice(0, MAX_FILES);
  const taken = new Set<string>();
  const planned: PlannedFile[] = [];
  for (const { file, owner } of all) {
    let name = safeFileName(file.name);
    if (taken.has(name)) name = safeFileName(`${owner}-${file.name}`);
    for (let count = 2; taken.has(name); count++) name = safeFileName(`${count}-${owner}-${file.name}`);
    taken.add(name);
    planned.push({ file, name });
  }
  return planned;
}

export async function downloadResult(result: JobResult, outDir: string, signal: AbortSignal): Promise<PlannedFile[]> {
  const planned = planDownloads(result);
  await mkdir(outDir, { recursive: true });
  for (const { file, name } of planned) await downloadToFile(file, path.join(outDir, name), { signal });
  return planned;
}
