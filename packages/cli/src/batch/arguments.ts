import { numberOf, UsageError } from '../command.ts';
import { parse, parseProcessArguments } from '../process/arguments.ts';
import { isFolder } from './plan.ts';
import type { BatchRequest } from './run-batch.ts';

const MOST_JOBS = 64;
/** What the batch itself answers to; everything else is passed on to every video. */
const OF_THE_BATCH = new Set(['out', 'jobs', 'json']);

/** The batch that a command line of `gaitway process` asks for; null if it names a video and no folder. */
export async function batchRequest(args: readonly string[]): Promise<BatchRequest | null> {
  const { values, positionals } = parse(args);
  const [folder = ''] = positionals;
  if (positionals.length !== 1 || !(await isFolder(folder))) {
    if (values.jobs !== undefined) throw new UsageError('--jobs goes with a folder of videos.');
    return null;
  }
  const { request, json } = parseProcessArguments(args);
  const options = Object.entries(values)
    .filter(([name, value]) => !OF_THE_BATCH.has(name) && value !== false)
    .map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))
    .sort();
  return { folder, outDir: request.outDir, options, jobs: jobsOf(values.jobs ?? '1'), json };
}

function jobsOf(text: string): number {
  const jobs = numberOf('jobs', text);
  if (!(Number.isInteger(jobs) && jobs >= 1 && jobs <= MOST_JOBS)) throw new UsageError(`--jobs takes 1 to ${MOST_JOBS}, not "${text}".`);
  return jobs;
}
