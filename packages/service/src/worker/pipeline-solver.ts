/** The pipeline as a worker's solver. */
import { processVideo } from '@gaitway/pipeline/process-video';
import type { Solved, SolvedFile, Solver } from './solver.ts';

type Result = Awaited<ReturnType<typeof processVideo>>;

const ROLES: Readonly<Record<string, SolvedFile['role']>> = {
  'manifest.json': 'manifest',
  'preview.mp4': 'preview',
  'motion.clip': 'clip',
};

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

/** `cacheDir`: converted models are kept there between jobs. */
export const pipelineSolver = (cacheDir: string): Solver => ({
  async solve(request, { signal, onProgress }) {
    const result = await processVideo(
      { ...request, preview: true, cacheDir },
      { signal, onProgress: ({ phase, fraction }) => onProgress(phase, fraction) },
    );
    return solvedOf(result);
  },
});
