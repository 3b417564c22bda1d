import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiUser } from '../support/api-user.ts';
import { type FixtureSource, sourceBytes } from '../support/fixture-probe.ts';
import { type Harness, startHarness } from '../support/harness.ts';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/vendor_flow.py', import.meta.url));

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

interface Ended {
  readonly code: number | null;
  /** What was printed as `name: value`. */
  readonly printed: Readonly<Record<string, string>>;
}

/** Runs the example as it is written; null where there is no Python. */
async function runExample(user: ApiUser, source: FixtureSource): Promise<Ended | null> {
  const video = join(folder, 'walk.mp4');
  await writeFile(video, sourceBytes(source));
  const environment = { ...process.env, GAITWAY_URL: user.url, GAITWAY_API_KEY: user.key, no_proxy: '*' };
  return new Promise((resolve, reject) => {
    const child = execFile('python3', [EXAMPLE, video, '2'], { env: environment, timeout: 200_000 }, (error, stdout, stderr) => {
      if ((error as NodeJS.ErrnoException | null)?.code === 'ENOENT') return resolve(null);
      if (child.exitCode === null || stderr !== '') return reject(new Error(`the example ended with ${child.exitCode}: ${stderr}`));
      const lines = stdout.trim().split('\n');
      const printed = Object.fromEntries(lines.map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]));
      return resolve({ code: child.exitCode, printed });
    });
  });
}

const NO_PYTHON = 'there is no python3 on this machine; the same flow runs in Node';

it('the flow of the vendor’s reference, in Python, works after changing base URL, key and file', async (test) => {
  const user = await harness.customer();
  const ended = await runExample(user, { durationSec: 2 });
  if (ended === null) return test.skip(NO_PYTHON);
  expect(ended).toMatchObject({ code: 0, printed: { status: 'completed', resultType: 'fbx', motionJsonUrl: 'None' } });
  expect(ended.printed.jobId).toMatch(/^mocap_/);
  expect((await fetch(ended.printed.fbxUrl)).status).toBe(200);
});

it('and ends in order when the job fails', async (test) => {
  const ended = await runExample(await harness.customer(), { durationSec: 2, solveFault: 'no_person_detected' });
  if (ended === null) return test.skip(NO_PYTHON);
  expect(ended).toMatchObject({ code: 1, printed: { status: 'failed', resultType: 'fbx', fbxUrl: 'None' } });
});

it('the same flow in Node', async () => {
  const user = await harness.customer();
  const hints = { sourceBytes: 40, sourceDurationSec: 2, trimStartSec: 0, trimEndSec: 2 };
  const older = { title: 'Walk', targetIds: undefined, targetId: 'default', sourceType: 'upload', ...hints };
  const { job } = await user.waitFor(await user.submit({ durationSec: 2 }, older));
  const { data } = (await user.get(user.job(job.id, '/result'))).body;
  expect(data).toMatchObject({ status: 'completed', resultType: 'fbx', previewVideoUrl: null, motionJsonUrl: null });
  expect(data.fbxUrl).toContain(`${harness.url}/objects/`);
});
