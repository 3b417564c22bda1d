import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { StoredArtifact } from '../jobs/runs.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { SolvedFile } from './solver.ts';

const MAX_ARTIFACT_BYTES = 4 * 1024 ** 3;

/** Names of artifacts become keys; anything unusual is replaced, the listed name stays. */
const keyName = (name: string, position: number): string => `${position}-${name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 100)}`;

/** Every run writes under a key of its own, so that a worker thought dead never touches another's files. */
export async function storeFiles(
  objects: ObjectStore,
  prefix: string,
  folder: string,
  files: readonly SolvedFile[],
): Promise<StoredArtifact[]> {
  const stored: StoredArtifact[] = [];
  for (const [position, file] of files.entries()) {
    const key = `${prefix}/${keyName(file.name, position)}`;
    const { bytes, sha256 } = await objects.put(key, createReadStream(join(folder, file.name)), { maxBytes: MAX_ARTIFACT_BYTES });
    stored.push({ key, targetId: file.targetId, role: file.role, name: file.name, bytes, sha256, mediaType: file.mediaType });
  }
  return stored;
}
