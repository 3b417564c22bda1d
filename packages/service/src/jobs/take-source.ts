import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GaitwayError } from '@gaitway/motion/errors';
import type { JobsContext } from './context.ts';
import type { SourceFacts } from './probe.ts';
import type { JobRow } from './rows.ts';

/** Where an admitted source lives: out of reach of any upload URL. */
export const sourceKeyOf = (jobId: string): string => `sources/${jobId}`;

/** Moves the uploaded file out of its URL's reach and measures it. Two at once do the same work and get the same facts. */
export async function takeSource(context: JobsContext, job: JobRow, maxBytes: number): Promise<SourceFacts> {
  const key = sourceKeyOf(job.id);
  const info = (await context.objects.stat(key)) ?? (await moveUpload(context, job, key, maxBytes));
  const facts = await measure(context, key);
  return { ...facts, bytes: info.bytes, sha256: info.sha256 };
}

async function moveUpload(context: JobsContext, job: JobRow, key: string, maxBytes: number) {
  const uploaded = await context.objects.stat(job.upload_key);
  if (uploaded === null) {
    // Another request may have moved it since we looked.
    const moved = await context.objects.stat(key);
    if (moved === null) throw new GaitwayError('source_not_uploaded');
    return moved;
  }
  if (uploaded.bytes > maxBytes) throw new GaitwayError('api_file_size_limit_exceeded', { facts: { maxBytes } });
  if (job.source_sha256_wanted !== null && uploaded.sha256 !== job.source_sha256_wanted) {
    throw new GaitwayError('upload_checksum_mismatch', { facts: { sha256: uploaded.sha256 } });
  }
  const moved = await context.objects.move(job.upload_key, key, uploaded.sha256);
  await context.db
    .updateTable('jobs')
    .set({ source_key: key, phase: 'validating', last_stage: 'upload' })
    .where('id', '=', job.id)
    .where('status', '=', 'draft')
    .execute();
  return moved;
}

async function measure(context: JobsContext, key: string): Promise<SourceFacts> {
  await mkdir(context.config.worker.tempDir, { recursive: true });
  const folder = await mkdtemp(join(context.config.worker.tempDir, 'probe-'));
  try {
    const path = join(folder, 'source');
    await context.objects.copyToFile(key, path);
    return await context.probe(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
