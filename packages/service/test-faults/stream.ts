/** Clients that submit one job after another through every outage, as `gaitway submit` does, and remember what they were promised. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { blobBody } from '../../client/src/blob-body.ts';
import { GaitwayClient } from '../../client/src/client.ts';
import { type SubmissionState, submit } from '../../client/src/submission.ts';
import type { JobResult } from '../../client/src/wire-types.ts';

export interface StreamOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly videoPath: string;
  readonly clients: number;
}

export interface Stream {
  /** Jobs that were created, whether or not they have ended. */
  readonly created: () => number;
  /** Ends the submitting, waits for what is under way and says how each job ended. */
  finish(): Promise<readonly JobResult[]>;
}

/** A submission that fails for a passing reason is taken up again from its state, as a person would. */
async function submitStubbornly(client: GaitwayClient, video: Blob, onCreated: () => void): Promise<JobResult> {
  let state: SubmissionState | null = null;
  for (;;) {
    try {
      const { result } = await submit(client, {
        request: { sourceFilename: 'walk.mp4', targetIds: ['default', 'unitree_g1'] },
        source: blobBody(video),
        state,
        save: async (next) => {
          if (next.jobId !== null && state?.jobId !== next.jobId) onCreated();
          state = next;
        },
      });
      return result;
    } catch (error) {
      const isPassing = (error as { retryable?: boolean }).retryable === true;
      if (!isPassing) throw error;
      await sleep(200);
    }
  }
}

export async function startStream(options: StreamOptions): Promise<Stream> {
  const client = new GaitwayClient({ baseUrl: options.baseUrl, apiKey: options.apiKey, timeoutMs: 15_000, retry: { maxRetries: 2 } });
  const video = new Blob([await readFile(options.videoPath)]);
  const results: JobResult[] = [];
  let created = 0;
  let isOpen = true;
  const one = async (): Promise<void> => {
    while (isOpen) {
      results.push(
        await submitStubbornly(client, video, () => {
          created++;
        }),
      );
    }
  };
  const all = Promise.all(Array.from({ length: options.clients }, one));
  // Told when it is awaited; until then it must not end the process.
  all.catch(() => {});
  return {
    created: () => created,
    async finish() {
      isOpen = false;
      await all;
      return results;
    },
  };
}
