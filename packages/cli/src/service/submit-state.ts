/** What `gaitway submit` remembers beside its output folder, so that the same command can go on after being killed. */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SubmissionState } from '@gaitway/client/submission';
import type { CreateJobRequest } from '@gaitway/client/wire-types';

export interface StateFile {
  /** What an earlier run saved for exactly this video, request and server; null: begin. */
  load(): Promise<SubmissionState | null>;
  save(state: SubmissionState): Promise<void>;
  remove(): Promise<void>;
}

const isState = (value: unknown): value is SubmissionState & { readonly fingerprint: string } =>
  typeof value === 'object' &&
  value !== null &&
  'version' in value &&
  value.version === 1 &&
  'fingerprint' in value &&
  'idempotencyKey' in value &&
  typeof value.idempotencyKey === 'string' &&
  'jobId' in value &&
  (value.jobId === null || typeof value.jobId === 'string');

function parseState(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

/** Another video (its sha256 is in the request), other options or another server are another submission: they never continue this one. */
export function stateFile(outDir: string, server: string, request: CreateJobRequest): StateFile {
  const file = `${outDir}.submit.json`;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([server, request]))
    .digest('hex');
  return {
    async load() {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      const state = parseState(text);
      if (!isState(state) || state.fingerprint !== fingerprint) return null;
      return { version: 1, idempotencyKey: state.idempotencyKey, jobId: state.jobId };
    },
    async save(state) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeDurably(file, JSON.stringify({ ...state, fingerprint }));
    },
    remove: () => rm(file, { force: true }),
  };
}
