import { existsSync, readdirSync, rmSync } from 'node:fs';
import { isGaitwayError } from '@gaitway/motion/errors';
import { processVideo } from '@gaitway/pipeline/process-video';

export interface Outcome {
  readonly label: string;
  readonly bug?: string;
}

/** A whole run takes seconds; this is a hang, also on a machine that is busy. */
const HANG_MS = 600_000;
const MAX_DURATION_SEC = 30;
const FILES = ['default.fbx', 'manifest.json', 'motion.clip'];

/** What went wrong, if it is not an error of the catalogue. */
export const describeBug = (error: unknown): string =>
  `not a catalogue error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;

/** A mutated video through everything, to files: they come out whole, or the run ends with an error of the catalogue and no trace. */
export async function attemptProcess(sourcePath: string, outDir: string): Promise<Outcome> {
  const request = { sourcePath, outDir, targets: [{ id: 'default' }], quality: 'fast', mocapType: 'full_body' } as const;
  const signal = AbortSignal.timeout(HANG_MS);
  try {
    await processVideo({ ...request, exportFps: 30, preview: false, maxDurationSec: MAX_DURATION_SEC }, { signal });
    const files = readdirSync(outDir).sort();
    return files.join() === FILES.join() ? { label: 'process: done' } : { label: 'bug', bug: `delivered ${files.join(', ')}` };
  } catch (error) {
    if (signal.aborted) return { label: 'bug', bug: `still running after ${HANG_MS} ms` };
    if (!isGaitwayError(error)) return { label: 'bug', bug: describeBug(error) };
    return existsSync(outDir) ? { label: 'bug', bug: `left ${outDir} behind after ${error.code}` } : { label: `process: ${error.code}` };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
