/**
 * Runs as a process of its own, one a job: solving keeps its event loop busy for longer than a heartbeat may take, and a crash in native
 * code ends this process and no other.
 */
import { writeFile } from 'node:fs/promises';
import { GaitwayError, isGaitwayError } from '@gaitway/motion/errors';
import { processClip } from '@gaitway/pipeline/process-clip';
import { processVideo } from '@gaitway/pipeline/process-video';
import type { FromSolve, ToSolve } from './solve-messages.ts';
import type { Solved, SolvedFile } from './solver.ts';

type Result = Awaited<ReturnType<typeof processVideo>>;

const ROLES: Readonly<Record<string, SolvedFile['role']>> = {
  'manifest.json': 'manifest',
  'preview.mp4': 'preview',
  'motion.clip': 'clip',
};

const tell = (message: FromSolve): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });

function solvedOf({ manifest, files, failedTargets }: Result): Solved {
  const targetOf = new Map(manifest.targets.flatMap((target) => target.files.map((file) => [file.name, target.targetId] as const)));
  return {
    files: files.map(({ name, mediaType }) => ({
      targetId: targetOf.get(name) ?? null,
      role: targetOf.has(name) ? 'file' : (ROLES[name] ?? 'file'),
      name,
      mediaType,
    })),
    failedTargets: failedTargets.map(({ targetId, error }) => ({ targetId, code: error.code, message: error.message })),
  };
}

function solve({ request, cacheDir }: ToSolve): Promise<Result> {
  const { clipPath, ...rest } = request;
  const options = { ...rest, preview: true, cacheDir };
  const onProgress = ({ phase, fraction }: { phase: Extract<FromSolve, { type: 'progress' }>['phase']; fraction: number }): void => {
    void tell({ type: 'progress', phase, fraction });
  };
  if (clipPath !== undefined) return processClip({ ...options, clipPath }, { onProgress });
  const keepClip = async (bytes: Uint8Array): Promise<void> => {
    const path = `${request.outDir}.clip`;
    await writeFile(path, bytes);
    await tell({ type: 'clip', path });
  };
  // How long a clip may be was decided by the plan at admission.
  return processVideo({ ...options, maxDurationSec: Number.POSITIVE_INFINITY, keepClip }, { onProgress });
}

async function answer(question: ToSolve): Promise<void> {
  try {
    await tell({ type: 'solved', solved: solvedOf(await solve(question)) });
  } catch (error) {
    const { code, stage, message, facts, cause } = isGaitwayError(error) ? error : new GaitwayError('processing_failed', { cause: error });
    await tell({ type: 'failed', code, stage, message, facts, cause: cause instanceof Error ? (cause.stack ?? cause.message) : '' });
  }
  process.exit(0);
}

process.once('message', (question: ToSolve) => void answer(question));
process.on('disconnect', () => process.exit(1));
