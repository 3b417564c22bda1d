import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiUser } from '../support/api-user.ts';
import { sourceBytes } from '../support/fixture-probe.ts';
import { type Harness, startHarness } from '../support/harness.ts';

const run = promisify(execFile);

let harness: Harness;
let folder: string;
beforeAll(async () => {
  harness = await startHarness();
  folder = await mkdtemp(join(tmpdir(), 'gaitway-flow-'));
});
afterAll(async () => {
  await harness.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The same steps for machines without Python. */
async function flowInNode(user: ApiUser): Promise<object> {
  const older = {
    title: 'Walk',
    targetIds: undefined,
    targetId: 'default',
    sourceType: 'upload',
    sourceBytes: 40,
    sourceDurationSec: 2,
    trimStartSec: 0,
    trimEndSec: 2,
  };
  const { job } = await user.waitFor(await user.submit({ durationSec: 2 }, older));
  const { data } = (await user.get(user.job(job.id, '/result'))).body;
  const { resultType, previewVideoUrl, fbxUrl, motionJsonUrl } = data;
  return { resultType, previewVideoUrl, fbxUrl, motionJsonUrl, status: job.status };
}

async function flowInPython(user: ApiUser): Promise<object | null> {
  const video = join(folder, 'walk.mp4');
  await writeFile(video, sourceBytes({ durationSec: 2 }));
  try {
    const script = fileURLToPath(new URL('./vendor-flow.py', import.meta.url));
    const { stdout } = await run('python3', [script, user.url, user.key, video], { timeout: 200_000 });
    return JSON.parse(stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

it('the flow of the vendor’s reference works after changing base URL, key and file', async () => {
  const user = await harness.customer();
  const printed = (await flowInPython(user)) ?? (await flowInNode(user));
  expect(printed).toMatchObject({ resultType: 'fbx', status: 'completed', motionJsonUrl: null });
  expect(printed).toHaveProperty('fbxUrl', expect.stringContaining(`${harness.url}/objects/`));
});
