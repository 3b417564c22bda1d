/**
 * `npm run test:faults [-- --points 50 --seed 1 --clients 4]`
 *
 * A stream of jobs on a real server with its worker and its PostgreSQL, one of the three killed with signal 9 at random moments. Afterwards:
 * no job lost, none with two results, none charged twice, the books clean, every listed file whole, no orphan after the sweeper, and a
 * killed worker's job running again within 15 s.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { choosePort } from '../src/embedded-postgres/postmaster.ts';
import { type Books, openBooks } from './books.ts';
import { laneConfig } from './lane-config.ts';
import { seededRandom } from './random.ts';
import { startStream } from './stream.ts';
import { verify } from './verify.ts';
import { startVictimServer, type Victim } from './victim-server.ts';

const VIDEO = fileURLToPath(new URL('../../../samples/walk_front.mp4', import.meta.url));
const VICTIMS: readonly Victim[] = ['api', 'worker', 'postgres'];
/** From the moment the server answers again to the next kill: enough for jobs to be at every stage. */
const MIN_PAUSE_MS = 200;
const MAX_PAUSE_MS = 4_000;
const RECOVERY_LIMIT_SEC = 15;

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    clients: { type: 'string', default: '4' },
  },
});

const say = (line: string): void => console.log(`${new Date().toISOString().slice(11, 23)}  ${line}`);

/** Seconds until the jobs that a killed worker was running have run again (or ended); null where it ran none. */
async function recoverySec(books: Books, jobIds: readonly string[], killedAt: Date): Promise<number | null> {
  if (jobIds.length === 0) return null;
  for (;;) {
    const waiting = await books.notYetRunAgain(jobIds, killedAt).catch(() => jobIds);
    if (waiting.length === 0) return (Date.now() - killedAt.getTime()) / 1000;
    await sleep(100);
  }
}

async function untilAnswering(baseUrl: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${baseUrl}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await sleep(100);
  }
}

async function main(): Promise<number> {
  const points = Number(values.points);
  const random = seededRandom(Number(values.seed));
  const root = await mkdtemp(join(tmpdir(), 'gaitway-faults-'));
  // The database may run as another user.
  await chmod(root, 0o755);
  const port = await choosePort(0);
  const stopping = new AbortController();
  const server = startVictimServer({ dataDir: root, port, signal: stopping.signal, log: say });
  const baseUrl = `http://127.0.0.1:${port}`;
  const books = await openBooks(await laneConfig(root, port), await server.connectionString);
  const stream = await startStream({
    baseUrl: `http://127.0.0.1:${port}`,
    apiKey: books.apiKey,
    videoPath: VIDEO,
    clients: Number(values.clients),
  });
  const killed: Record<Victim, number> = { api: 0, worker: 0, postgres: 0 };
  const recoveries: (number | null)[] = [];
  for (let point = 0; point < points; ) {
    await untilAnswering(baseUrl);
    await sleep(MIN_PAUSE_MS + random() * (MAX_PAUSE_MS - MIN_PAUSE_MS));
    const victim = VICTIMS[Math.floor(random() * VICTIMS.length)];
    const running = victim === 'worker' ? await books.runningJobs().catch(() => []) : [];
    const killedAt = new Date();
    if (!(await server.kill(victim))) continue;
    killed[victim]++;
    point++;
    say(`${point}/${points}: killed ${victim}; ${stream.created()} jobs so far`);
    // Nothing else is killed meanwhile: what is measured is one worker's death, not a pile of them.
    recoveries.push(await recoverySec(books, running, killedAt));
  }
  const results = await stream.finish();
  const measured = recoveries.filter((sec) => sec !== null);
  const slowest = measured.length === 0 ? 0 : Math.max(...measured);
  const faults = [...(await verify(books.context))];
  if (slowest > RECOVERY_LIMIT_SEC) faults.push(`a killed worker's job ran again only after ${slowest.toFixed(1)} s`);
  if (results.length < stream.created()) faults.push(`${stream.created()} jobs were created but ${results.length} ended`);
  stopping.abort();
  await server.stop();
  await books.close();
  say(
    `kills: ${JSON.stringify(killed)}; jobs: ${results.length}; slowest rerun after a killed worker: ${slowest.toFixed(1)} s (${measured.length} measured)`,
  );
  for (const fault of faults) say(`FAULT: ${fault}`);
  say(faults.length === 0 ? 'Nothing was lost, repeated or overcharged.' : `${faults.length} faults; the data are in ${root}.`);
  if (faults.length === 0) await rm(root, { recursive: true, force: true });
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = await main();
