import { readFile } from 'node:fs/promises';
import { locateFfmpeg } from '@gaitway/capture/video/ffmpeg';
import { throwIfAborted } from '@gaitway/motion/abort';
import type { Clip } from '@gaitway/motion/clip';
import { decodeClip } from '@gaitway/motion/clip-file';
import { GaitwayError } from '@gaitway/motion/errors';
import { type DeliveryOptions, deliverClip, type ExtraFiles, type ProcessResult } from './deliver-clip.ts';
import type { ClipOrigin } from './manifest.ts';
import { CLIP_MEDIA_TYPE, CLIP_NAME, OutputFolder } from './output-folder.ts';
import { ProgressReporter, type Running } from './progress.ts';
import { sharedOptions } from './shared-options.ts';
import { StageTimer } from './stage-timer.ts';
import { prepareTargets } from './target-registry.ts';

export interface ProcessClipOptions extends DeliveryOptions {
  /** A `motion.clip` that `processVideo` wrote. */
  readonly clipPath: string;
  /** The video that the clip was made from; without it there is no preview. */
  readonly sourcePath?: string;
}

/** Starts from a stored clip instead of the video: re-export at another rate, another target, a retry. Else as `processVideo`. */
export async function processClip(options: ProcessClipOptions, running: Running = {}): Promise<ProcessResult> {
  const targets = prepareTargets(options.targets, sharedOptions(options));
  throwIfAborted(running.signal);
  const stored = await readStoredClip(options.clipPath);
  return OutputFolder.use(options.outDir, async (output) => {
    const progress = new ProgressReporter(running);
    const extraFiles = await previewOf(options, stored.origin, output, progress, running.signal);
    return deliverClip({
      ...options,
      ...running,
      clip: stored.clip,
      origin: stored.origin,
      preparedTargets: targets,
      output,
      progress,
      timer: new StageTimer(),
      files: [await output.write(CLIP_NAME, CLIP_MEDIA_TYPE, stored.bytes)],
      ...(extraFiles && { extraFiles }),
      warnings: [],
    });
  });
}

async function previewOf(
  options: ProcessClipOptions,
  origin: ClipOrigin,
  output: OutputFolder,
  progress: ProgressReporter,
  signal: AbortSignal | undefined,
): Promise<ExtraFiles | undefined> {
  const { sourcePath, preview } = options;
  if (!preview || sourcePath === undefined) return undefined;
  const [tools, { makePreview }] = await Promise.all([locateFfmpeg(options), import('./preview-stage.ts')]);
  return makePreview({ sourcePath, origin, tools, output, progress, ...(signal && { signal }) });
}

interface StoredClip {
  readonly bytes: Uint8Array;
  readonly clip: Clip;
  readonly origin: ClipOrigin;
}

async function readStoredClip(clipPath: string): Promise<StoredClip> {
  const bytes = await readFile(clipPath).catch((cause: unknown) => {
    throw new GaitwayError('source_unreadable', { message: 'The stored clip cannot be read.', cause });
  });
  const { clip, meta } = decodeClip(bytes);
  if (!isOrigin(meta.origin)) {
    throw new GaitwayError('source_unreadable', { message: 'This clip does not say where it came from; process its video again.' });
  }
  return { bytes, clip, origin: meta.origin };
}

/** The outline of what we write ourselves; the file is our own, so its inner values are not checked one by one. */
function isOrigin(value: unknown): value is ClipOrigin {
  const isRecord = (part: unknown): boolean => typeof part === 'object' && part !== null;
  if (typeof value !== 'object' || value === null) return false;
  const { source, trim, mocapType, solve, models } = value as Partial<Record<keyof ClipOrigin, unknown>>;
  return [source, trim, solve].every(isRecord) && typeof mocapType === 'string' && Array.isArray(models);
}
