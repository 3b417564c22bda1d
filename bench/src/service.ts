/**
 * `npm run bench:service [-- --seconds 60 --polls 300 --creates 30 --clients 500 --upload-gib 2]`
 *
 * The service under load, its solver stubbed here alone: an open loop of polls and creates (latency counted from the planned moment), the
 * peak of a closed loop, and the memory of the server during both and during one large upload.
 */
import { parseArgs } from 'node:util';
import { startBenchServer } from '../service/bench-server.ts';
import { uploadLarge } from '../service/large-upload.ts';
import { type LatencySummary, summarize } from '../service/latency.ts';
import { cpuSec, growthMib, residentMib, watchMemory } from '../service/memory.ts';
import { closedLoop, type LoopResult, openLoop } from '../service/open-loop.ts';
import { type BenchClient, createClients, createJob, pollJob } from '../service/requests.ts';
import { table } from './table.ts';

const P99_LIMIT_MS = 250;
const GROWTH_LIMIT_MIB = 64;
const UPLOAD_LIMIT_MIB = 200;
const PEAK_CLIENTS = 32;
const PEAK_SEC = 10;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    polls: { type: 'string', default: '300' },
    creates: { type: 'string', default: '30' },
    clients: { type: 'string', default: '500' },
    'upload-gib': { type: 'string', default: '2' },
  },
});

const row = (name: string, { count, p50Ms, p95Ms, p99Ms, maxMs }: LatencySummary, errors: number, perSec: number): (string | number)[] => [
  name,
  count,
  perSec,
  p50Ms,
  p95Ms,
  p99Ms,
  maxMs,
  errors,
];

interface OwnedJob {
  readonly client: BenchClient;
  readonly jobId: string;
}

/** A job for every client before the clock runs, so that there is something to poll. */
async function firstJobs(clients: readonly BenchClient[], baseUrl: string): Promise<OwnedJob[]> {
  const jobs: OwnedJob[] = [];
  for (const client of clients) {
    const jobId = await createJob(client, baseUrl);
    if (jobId === null) throw new Error('a job could not be created');
    jobs.push({ client, jobId });
  }
  return jobs;
}

async function load(
  clients: readonly BenchClient[],
  jobs: readonly OwnedJob[],
  baseUrl: string,
): Promise<{ polls: LoopResult; creates: LoopResult }> {
  const durationSec = Number(values.seconds);
  const poll = (index: number): Promise<boolean> => {
    const { client, jobId } = jobs[index % jobs.length];
    return pollJob(client, baseUrl, jobId);
  };
  const create = async (index: number): Promise<boolean> => (await createJob(clients[index % clients.length], baseUrl)) !== null;
  const [polls, creates] = await Promise.all([
    openLoop({ perSecond: Number(values.polls), durationSec, send: poll }),
    openLoop({ perSecond: Number(values.creates), durationSec, send: create }),
  ]);
  return { polls, creates };
}

async function main(): Promise<number> {
  const server = await startBenchServer(Number(values.clients));
  const clients = createClients(server.keys);
  const { baseUrl } = server;
  // First, while the server is fresh: the memory of the upload and nothing else.
  const freshMib = (await residentMib(server.pid)) ?? Number.NaN;
  const uploadMemory = watchMemory(server.pid, 200);
  const uploadSec = await uploadLarge(clients[0], baseUrl, Number(values['upload-gib']) * 2 ** 30);
  const uploadMib = Math.max(...uploadMemory.stop());
  const jobs = await firstJobs(clients, baseUrl);
  const memory = watchMemory(server.pid);
  const { polls, creates } = await load(clients, jobs, baseUrl);
  const samples = memory.stop();
  const cpuBeforeSec = await cpuSec(server.pid);
  const pollPeak = await closedLoop(PEAK_CLIENTS, PEAK_SEC, (index) =>
    pollJob(jobs[index % jobs.length].client, baseUrl, jobs[index % jobs.length].jobId),
  );
  const pollCpuMs = (1000 * ((await cpuSec(server.pid)) - cpuBeforeSec)) / pollPeak.latenciesMs.length;
  const createPeak = await closedLoop(
    PEAK_CLIENTS,
    PEAK_SEC,
    async (index) => (await createJob(clients[index % clients.length], baseUrl)) !== null,
  );
  for (const { agent } of clients) agent.destroy();
  await server.stop();

  const pollSummary = summarize(polls.latenciesMs);
  const createSummary = summarize(creates.latenciesMs);
  console.log(
    table([
      ['load', 'requests', '1/s', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms', 'errors'],
      row('polls, open loop', pollSummary, polls.errors, Number(values.polls)),
      row('creates, open loop', createSummary, creates.errors, Number(values.creates)),
      row('polls, closed loop', summarize(pollPeak.latenciesMs), pollPeak.errors, pollPeak.perSecond),
      row('creates, closed loop', summarize(createPeak.latenciesMs), createPeak.errors, createPeak.perSecond),
    ]),
  );
  const growth = growthMib(samples);
  console.log(
    `memory of the server: ${Math.max(...samples).toFixed(0)} MiB at most, growth ${growth.toFixed(1)} MiB (API and worker in one process)`,
  );
  console.log(`CPU of the server process: ${pollCpuMs.toFixed(2)} ms a poll`);
  console.log(
    `${values['upload-gib']} GiB upload: ${uploadSec.toFixed(1)} s, ${uploadMib.toFixed(0)} MiB at most (${freshMib.toFixed(0)} MiB before)`,
  );
  const isGood =
    Math.max(pollSummary.p99Ms, createSummary.p99Ms) < P99_LIMIT_MS &&
    polls.errors + creates.errors === 0 &&
    growth < GROWTH_LIMIT_MIB &&
    uploadMib < UPLOAD_LIMIT_MIB;
  console.log(isGood ? 'Within the limits.' : 'Beyond the limits.');
  return isGood ? 0 : 1;
}

process.exitCode = await main();
