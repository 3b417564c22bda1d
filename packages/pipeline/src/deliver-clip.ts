import { throwIfAborted } from '@gaitway/motion/abort';
import type { Clip } from '@gaitway/motion/clip';
import type { GaitwayError } from '@gaitway/motion/errors';
import type { Delivery } from '@gaitway/targets/target';
import { buildManifest, type ClipOrigin, type DeliveredTarget, type Manifest } from './manifest.ts';
import type { OutputFolder, StoredFile } from './output-folder.ts';
import type { ProgressReporter, Running } from './progress.ts';
import { type FailedTarget, runTargets } from './run-targets.ts';
import type { StageTimer } from './stage-timer.ts';
import type { PreparedTarget, TargetRequest } from './target-registry.ts';

export const MANIFEST_NAME = 'manifest.json';

export interface ProcessResult {
  readonly manifest: Manifest;
  /** Every file in the output folder, the manifest last. */
  readonly files: readonly StoredFile[];
  /** Targets that could not be made; the others are delivered. */
  readonly failedTargets: readonly FailedTarget[];
}

type ShownDelivery = Pick<Delivery, 'motion' | 'leadInSec' | 'previewBody'>;

/** What a preview shows: one delivery, and another beside it where two bodies were made for the same motion. */
export interface ShownMotion extends ShownDelivery {
  readonly beside?: ShownDelivery;
}

/** What goes beside the targets' own files: given what was delivered, writes more files into the folder. */
export type ExtraFiles = (shown: ShownMotion) => Promise<{ readonly files: readonly StoredFile[]; readonly warnings: readonly string[] }>;

/** What both ways into the pipeline take: from a video and from a stored clip. */
export interface DeliveryOptions {
  /** Made if missing; files of earlier runs with the same names are replaced when this run has succeeded. */
  readonly outDir: string;
  readonly targets: readonly TargetRequest[];
  /** Frame rate of the delivered files: 24, 30, 60 or 120. */
  readonly exportFps: number;
  readonly preview: boolean;
  readonly jobId?: string;
  /** What the job was charged; goes to the manifest. */
  readonly vCredits?: number;
  readonly ffmpegPath?: string;
  readonly ffprobePath?: string;
  /** Where converted models (and, if need be, programs) are kept between runs. */
  readonly cacheDir?: string;
}

export interface DeliverInput extends DeliveryOptions, Running {
  readonly clip: Clip;
  readonly origin: ClipOrigin;
  readonly preparedTargets: readonly PreparedTarget[];
  readonly output: OutputFolder;
  readonly progress: ProgressReporter;
  readonly timer: StageTimer;
  /** Files already in the folder (the clip). */
  readonly files: readonly StoredFile[];
  readonly extraFiles?: ExtraFiles;
  readonly warnings: readonly string[];
}

/** From a clip to files in place: every target, what goes beside them, the manifest, the rename. */
export async function deliverClip(input: DeliverInput): Promise<ProcessResult> {
  const { output, progress, timer, signal } = input;
  const { deliveries, failedTargets } = await timer.time('retarget', () => runTargets(input.clip, input.preparedTargets, progress, signal));
  const [first] = failedTargets;
  if (deliveries.length === 0 && first) throw onlyFailure(first);
  const delivered = await timer.time('write', () => storeAll(deliveries, output));
  const extra = await timer.time('preview', async () => input.extraFiles?.(shownDelivery(deliveries)) ?? { files: [], warnings: [] });
  throwIfAborted(signal);
  const files = [...input.files, ...extra.files];
  const manifest = buildManifest({
    jobId: input.jobId ?? null,
    origin: input.origin,
    exportFps: input.exportFps,
    delivered,
    failed: failedTargets,
    files,
    vCredits: input.vCredits ?? 0,
    timings: timer.toTimings(),
    warnings: [...input.warnings, ...robotCutWarnings(input.clip, deliveries), ...extra.warnings],
  });
  const manifestFile = await output.write(MANIFEST_NAME, 'application/json', encodeJson(manifest));
  throwIfAborted(signal);
  await output.commit();
  progress.report('packaging', 1, 1, false);
  return { manifest, files: [...delivered.flatMap((target) => target.files), ...files, manifestFile], failedTargets };
}

/** A body of bones may jump with its video; a robot cannot, so that its motion runs from one shot into the next. */
const robotCutWarnings = ({ shotStarts }: Clip, deliveries: readonly Delivery[]): string[] =>
  shotStarts && deliveries.some(({ resultType }) => resultType === 'robot_motion_json')
    ? ['The robot is led from one shot to the next around each cut: that is not what the person did; trim to one shot.']
    : [];

/** When nothing at all could be delivered the job fails with the first target's error. */
const onlyFailure = (failed: FailedTarget): GaitwayError => failed.error;

/** The preview shows the default character when there is one, else the first target. */
export function shownDelivery(deliveries: readonly Delivery[]): ShownMotion {
  const shown = deliveries.find(({ targetId }) => targetId === 'default') ?? deliveries[0];
  if (!shown) throw new RangeError('nothing was delivered');
  const beside = deliveries.find((delivery) => delivery !== shown);
  return beside ? { ...shownOf(shown), beside: shownOf(beside) } : shownOf(shown);
}

const shownOf = ({ motion, leadInSec, previewBody }: Delivery): ShownDelivery => ({
  motion,
  ...(leadInSec !== undefined && { leadInSec }),
  ...(previewBody && { previewBody }),
});

/** Writes the files of every delivery, in their order. */
export async function storeAll(deliveries: readonly Delivery[], output: OutputFolder): Promise<DeliveredTarget[]> {
  const delivered: DeliveredTarget[] = [];
  for (const delivery of deliveries) {
    const files: StoredFile[] = [];
    for (const file of delivery.files) files.push(await output.write(file.name, file.mediaType, file.bytes));
    delivered.push({ delivery, files });
  }
  return delivered;
}

const encodeJson = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
