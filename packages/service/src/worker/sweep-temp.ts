import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const OURS = /^(job|probe)-[A-Za-z0-9]{6}$/;
/** Longer than any job may take. */
const MAX_AGE_MS = 25 * 3_600_000;

/** Removes what workers that were killed left in the temp folder. Returns how many folders. */
export async function sweepTemp(tempDir: string, maxAgeMs: number = MAX_AGE_MS): Promise<number> {
  const names = await readdir(tempDir).catch(() => []);
  let removed = 0;
  for (const name of names.filter((candidate) => OURS.test(candidate))) {
    const path = join(tempDir, name);
    const info = await stat(path).catch(() => null);
    if (info === null || Date.now() - info.mtimeMs < maxAgeMs) continue;
    await rm(path, { recursive: true, force: true });
    removed++;
  }
  return removed;
}
