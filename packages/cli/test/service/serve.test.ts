/** The built command, as a person uses it: a server on a fresh folder, its administration, a submission that is killed again and again. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/gaitway.mjs', import.meta.url));
const VIDEO = fileURLToPath(new URL('../../../../samples/walk_front.mp4', import.meta.url));

let root: string;
let server: ChildProcess;
let printed = (): string => '';
let baseUrl = '';
let testKey = '';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  GAITWAY_DATA_DIR: path.join(root, 'data'),
  GAITWAY_LOG_LEVEL: 'error',
  GAITWAY_API_KEY: testKey,
});

function gaitway(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [BIN, ...args], { env: environment() }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** Starts a command that runs until it is stopped, and waits for the words that say that it is ready. */
async function startUntil(words: string, args: readonly string[]): Promise<{ child: ChildProcess; printed: () => string }> {
  const child = spawn(process.execPath, [BIN, ...args], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  while (!text.includes(words) && isRunning(child)) await sleep(50);
  return { child, printed: () => text };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return ended;
}

async function startServer(...options: string[]): Promise<void> {
  const started = await startUntil('/docs)\n', ['serve', '--port', '0', ...options]);
  server = started.child;
  printed = started.printed;
  // By number: a name with two addresses makes Node give up the first after a quarter of a second.
  baseUrl = (/http:\/\/localhost:\d+/.exec(printed())?.[0] ?? '').replace('localhost', '127.0.0.1');
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'gaitway-serve-'));
  await chmod(root, 0o755);
  await startServer('--no-worker');
});

afterAll(async () => {
  if (isRunning(server)) await stop(server);
  await rm(root, { recursive: true, force: true, maxRetries: 10 });
});

const json = (ended: Ended): Record<string, unknown>[] => JSON.parse(ended.stdout);

test('the first start prints an address that answers and the key of the owner', async () => {
  // The key is printed after the address, perhaps in a later piece of output.
  while (!/sk-[A-Za-z0-9_-]{32}\s/.test(printed()) && isRunning(server)) await sleep(50);
  const key = /sk-[A-Za-z0-9_-]{32}/.exec(printed())?.[0];
  const answer = await fetch(`${baseUrl}/api/v1/credits`, { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
  expect((await fetch(`${baseUrl}/health/ready`)).status).toBe(200);
});

test('a second server on the same folder is refused with a sentence', async () => {
  const second = await gaitway(['serve', '--port', '0']);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/already runs on .*stop it first/);
});

test('administration works beside the running server', async () => {
  const [owner] = json(await gaitway(['admin', 'accounts', 'list', '--json']));
  expect(owner).toMatchObject({ name: 'Owner', plan: 'owner' });
  testKey = (await gaitway(['admin', 'keys', 'create', String(owner.id), '--test'])).stdout.trim().split('\n')[1];
  expect(testKey).toMatch(/^sk-test-/);
});

/** Runs a command until it is as far as the test wants, then kills it. */
async function killWhen(args: readonly string[], isThere: (stderr: string) => Promise<boolean>): Promise<void> {
  const child = spawn(process.execPath, [BIN, ...args], { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  while (isRunning(child) && !(await isThere(stderr))) await sleep(5);
  if (isRunning(child)) await stop(child, 'SIGKILL');
}

test('a submission killed at every stage is one job, which a worker of its own ends; its files arrive whole', async () => {
  const out = path.join(root, 'result');
  const submission = ['submit', VIDEO, '--server', baseUrl, '--out', out, '--targets', 'default,unitree_g1'];
  const state = (): Promise<string> => readFile(`${out}.submit.json`, 'utf8').catch(() => '');
  // There is no worker yet: the job cannot end while its submission is being killed.
  await killWhen(submission, async () => (await state()) !== '');
  await killWhen(submission, async () => (await state()).includes('mocap_'));
  await killWhen(submission, async (stderr) => stderr.includes('queued'));
  const { child: worker } = await startUntil('The worker is ready.', ['worker']);
  const last = await gaitway(submission);
  expect(last.stderr).not.toMatch(/gaitway:/);
  expect(last.code).toBe(0);
  expect((await readdir(out)).sort()).toEqual(expect.arrayContaining(['manifest.json', 'unitree_g1.json']));
  expect(JSON.parse(await readFile(path.join(out, 'unitree_g1.json'), 'utf8'))).toMatchObject({ robotType: 'unitree_g1' });
  const jobs = json(await gaitway(['admin', 'jobs', 'list', '--json']));
  expect(jobs.map((job) => job.status)).toEqual(['completed']);
  expect(await readdir(root)).not.toContain('result.submit.json');
  expect(await stop(worker)).toBe(0);
});

test('a stop in order ends well, and the next start finds everything without a new key', async () => {
  expect(await stop(server)).toBe(0);
  const before = printed();
  expect(before).toMatch(/sk-/);
  await startServer();
  const answer = await fetch(`${baseUrl}/api/v1/mocap/jobs`, { headers: { authorization: `Bearer ${testKey}` } });
  expect(((await answer.json()) as { data: unknown[] }).data).toHaveLength(1);
  expect(printed()).not.toMatch(/sk-/);
});

test('the TypeScript example runs as it is written', async () => {
  const out = path.join(root, 'example');
  const example = fileURLToPath(new URL('../../../../examples/submit.ts', import.meta.url));
  const printedBy = await new Promise<string>((resolve, reject) => {
    const options = { env: { ...environment(), GAITWAY_URL: baseUrl } };
    execFile(process.execPath, ['--import', 'tsx', example, VIDEO, out], options, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
  expect(printedBy).toMatch(/^default: default\.fbx, \d+ bytes, sha256 [0-9a-f]{64}$/m);
  expect(await readdir(out)).toEqual(['default.fbx']);
});

test('what the server refuses is a sentence with a code and a request id', async () => {
  const refused = await gaitway(['submit', VIDEO, '--server', baseUrl, '--out', path.join(root, 'no'), '--targets', 'nonsense']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/\[request req_[^\]]+\] \(api_target_unsupported\)/);
});

const isReady = async (): Promise<boolean> => (await fetch(`${baseUrl}/health/ready`).catch(() => null))?.ok ?? false;

test('kill -9 of PostgreSQL: the server stays and answers again; kill -9 of the server: the next start takes over', async () => {
  const pidFile = path.join(root, 'data/postgres/cluster/postmaster.pid');
  const postmaster = async (): Promise<number> => Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  const killed = await postmaster();
  expect(killed).toBeGreaterThan(1);
  process.kill(killed, 'SIGKILL');
  await expect.poll(async () => (await postmaster()) !== killed && (await isReady()), { timeout: 200_000 }).toBe(true);
  expect(isRunning(server)).toBe(true);
  await stop(server, 'SIGKILL');
  await startServer();
  expect(await isReady()).toBe(true);
});
