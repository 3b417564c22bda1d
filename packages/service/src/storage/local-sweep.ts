/** What interrupted puts leave on disk: bytes no pointer names, pointers never renamed, empty folders. */
import type { Dirent } from 'node:fs';
import { readdir, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode, MARK, readPointer, removeFile } from './local-pointer.ts';

/** The key whose blob this file would be, or null: `jobs/1/` and `source~4f2a…` → `jobs/1/source`. */
function keyOfBlob(prefix: string, name: string): string | null {
  const mark = name.indexOf(MARK);
  return mark > 0 && mark < name.length - 1 ? prefix + name.slice(0, mark) : null;
}

async function isOlder(path: string, before: Date): Promise<boolean> {
  try {
    return (await stat(path)).mtime < before;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function isReferenced(root: string, key: string, blob: string): Promise<boolean> {
  return (await readPointer(root, key))?.blob === blob;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // Removed with its last object since it was listed.
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Bytes being written now are younger than `before`; a put must not take longer than the sweeper's margin. Returns the files removed. */
export async function sweepFolder(root: string, prefix: string, before: Date): Promise<number> {
  let removed = 0;
  for (const entry of await entriesOf(join(root, prefix))) {
    const path = join(root, prefix, entry.name);
    if (entry.isDirectory()) {
      removed += await sweepFolder(root, `${prefix}${entry.name}/`, before);
      if (await isOlder(path, before)) await rmdir(path).catch(() => {});
      continue;
    }
    const key = keyOfBlob(prefix, entry.name);
    if (key === null || (await isReferenced(root, key, entry.name)) || !(await isOlder(path, before))) continue;
    await removeFile(path);
    removed++;
  }
  return removed;
}
