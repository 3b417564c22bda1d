/** The motion of an attempt that failed after solving: what the next attempt starts from. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type Run, recordClip } from '../jobs/runs.ts';
import type { WorkerContext } from './run-job.ts';

const MAX_CLIP_BYTES = 1024 ** 3;

export async function keepClip(context: WorkerContext, run: Run, path: string): Promise<void> {
  const key = `artifacts/${run.job.id}/${run.token}/kept.clip`;
  await context.objects.put(key, createReadStream(path), { maxBytes: MAX_CLIP_BYTES });
  await recordClip(context.db, run, key);
}

/** Where the kept clip was put for this run; nothing when no attempt got that far. */
export async function storedClip(context: WorkerContext, run: Run, folder: string): Promise<{ readonly clipPath?: string }> {
  const key = run.job.clip_key;
  if (key === null || (await context.objects.stat(key)) === null) return {};
  const clipPath = join(folder, 'kept.clip');
  await context.objects.copyToFile(key, clipPath);
  return { clipPath };
}
