import { availableParallelism, totalmem } from 'node:os';
import { openDetector } from '@gaitway/capture/models/detector';
import { defaultCacheDirectory } from '@gaitway/capture/models/model-cache';
import { readDetectorModel, readLandmarkModel } from '@gaitway/capture/models/model-files';
import { locateFfmpeg } from '@gaitway/capture/video/ffmpeg';
import { isGaitwayError } from '@gaitway/motion/errors';
import type { Environment } from '../environment.ts';

/** What one look at the machine found. `warn` works but could be better, `fail` does not work. */
export interface Finding {
  readonly name: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly text: string;
}

type Check = (environment: Environment) => Promise<Omit<Finding, 'name'>>;

const ok = (text: string): Omit<Finding, 'name'> => ({ level: 'ok', text });
const warn = (text: string): Omit<Finding, 'name'> => ({ level: 'warn', text });
const fail = (text: string): Omit<Finding, 'name'> => ({ level: 'fail', text });

const OLDEST_NODE: readonly [number, number] = [20, 19];
const COMFORTABLE_CORES = 2;

const checkNode: Check = async () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  const text = `${process.versions.node} on ${process.platform} ${process.arch}`;
  return isOld ? fail(`${text}; ${OLDEST_NODE.join('.')} or newer is needed.`) : ok(text);
};

const checkCores: Check = async () => {
  const cores = availableParallelism();
  const text = `${cores} cores, ${(totalmem() / 2 ** 30).toFixed(1)} GiB of memory`;
  return cores < COMFORTABLE_CORES ? warn(`${text}; two cores make it much faster.`) : ok(text);
};

const checkFfmpeg: Check = async (environment) => {
  const tools = await locateFfmpeg(environment);
  const text = `${tools.version} (${tools.origin}: ${tools.ffmpeg})`;
  if (tools.origin !== 'bundled') return ok(text);
  return warn(`${text}; an old build, fine for your own clips. Install ffmpeg 5 or newer before you open files of strangers.`);
};

const checkModels: Check = async () => {
  const models = await Promise.all([
    readDetectorModel(),
    ...(['fast', 'balanced', 'accurate'] as const).map((quality) => readLandmarkModel(quality)),
  ]);
  return ok(models.map((model) => `${model.name} ${model.sha256.slice(0, 8)}`).join(', '));
};

/** Loads the smallest network for real: proves the conversion, the cache and the native runtime. */
const checkRuntime: Check = async ({ cacheDir }) => {
  const startMs = performance.now();
  const detector = await openDetector(await readDetectorModel(), { ...(cacheDir && { cacheDir }) });
  await detector.release();
  return ok(
    `a network loads in ${Math.round(performance.now() - startMs)} ms; converted models are kept in ${cacheDir ?? defaultCacheDirectory()}`,
  );
};

const CHECKS: readonly (readonly [string, Check])[] = [
  ['Node', checkNode],
  ['machine', checkCores],
  ['ffmpeg', checkFfmpeg],
  ['models', checkModels],
  ['ONNX runtime', checkRuntime],
];

/** Runs every check; one that throws is a failure with the error's sentence. */
export async function runChecks(environment: Environment): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, check] of CHECKS) {
    const outcome = await check(environment).catch((error: unknown) =>
      fail(isGaitwayError(error) ? error.message : 'It could not be loaded; run npm ci again.'),
    );
    findings.push({ name, ...outcome });
  }
  return findings;
}
