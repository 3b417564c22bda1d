/** The body of a create: two published generations and our additions, made into one `NewJob`. */
import { GaitwayError } from '@gaitway/motion/errors';
import { z } from 'zod';
import type { NewJob } from '../../jobs/create-job.ts';
import { type KnownOptions, knownOptions, targetOptionsSchema } from './target-options.ts';

const MAX_TARGETS = 8;
const MAX_METADATA_CHARS = 8_192;

const seconds = z.number().min(0).max(86_400);

export const createJobBody = z.looseObject({
  title: z.string().trim().max(200).nullish(),
  sourceFilename: z.string().trim().min(1).max(255),
  targetIds: z.array(z.string().min(1).max(100)).min(1).max(64).nullish(),
  targetId: z.string().min(1).max(100).nullish().meta({ description: 'Older generation: the one target.' }),
  sourceType: z.literal('upload').nullish(),
  sourceBytes: z
    .int()
    .positive()
    .max(2 ** 46)
    .nullish(),
  sourceDurationSec: z.number().positive().max(86_400).nullish(),
  sourceSha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .nullish(),
  trimStartSec: seconds.nullish(),
  trimEndSec: seconds.nullish(),
  exportFps: z.union([z.literal(24), z.literal(30), z.literal(60), z.literal(120)]).nullish(),
  mocapType: z.enum(['full_body', 'upper_body']).nullish(),
  quality: z.enum(['fast', 'balanced', 'accurate']).nullish(),
  subject: z
    .union([
      z.object({ xPx: z.number().min(0).max(8192), yPx: z.number().min(0).max(8192), timeSec: seconds }),
      z.object({ index: z.int().min(0).max(999_999) }),
    ])
    .nullish()
    .meta({
      description: "Whose motion, when several people are seen: a point at a time of the video, or a number of the manifest's people.",
    }),
  subjectHeightM: z.number().min(0.5).max(2.5).nullish(),
  cameraFovDeg: z.number().min(10).max(150).nullish(),
  footLock: z.enum(['auto', 'off', 'strong']).nullish(),
  smoothing: z.number().min(0).max(1).nullish(),
  targetOptions: targetOptionsSchema.nullish(),
  metadata: z.record(z.string().max(100), z.unknown()).nullish(),
});

type Body = z.infer<typeof createJobBody>;

const OPTION_FIELDS = ['quality', 'subject', 'subjectHeightM', 'cameraFovDeg', 'footLock', 'smoothing'] as const;
const MAX_WARNINGS = 20;

function targetIdsOf({ targetId, targetIds }: Body): readonly string[] {
  const ids = [...new Set(targetIds ?? (targetId == null ? [] : [targetId]))];
  if (ids.length === 0) throw new GaitwayError('api_target_ids_required');
  if (targetId != null && (ids.length !== 1 || ids[0] !== targetId)) {
    throw new GaitwayError('api_target_unsupported', { message: 'targetId and targetIds name different targets; send one of them.' });
  }
  if (ids.length > MAX_TARGETS) throw new GaitwayError('api_target_ids_too_many');
  return ids;
}

/** Published fields that mean nothing here are no reason for a warning. */
function warningsOf(body: Body, unknownOptions: readonly string[]): readonly string[] {
  return [...Object.keys(body).filter((field) => !Object.hasOwn(createJobBody.shape, field)), ...unknownOptions]
    .slice(0, MAX_WARNINGS)
    .map((field) => `Unknown field ignored: ${field.slice(0, 60)}`);
}

function metadataOf({ metadata }: Body): Readonly<Record<string, unknown>> {
  if (JSON.stringify(metadata ?? {}).length > MAX_METADATA_CHARS) {
    throw new GaitwayError('option_invalid', { message: `metadata is longer than ${MAX_METADATA_CHARS} characters.` });
  }
  return metadata ?? {};
}

const NO_OPTIONS: KnownOptions = { known: {}, unknown: [] };

/** Rejects with `option_invalid` and the codes of targets. */
export async function newJobOf(body: Body): Promise<NewJob> {
  const options = Object.fromEntries(OPTION_FIELDS.flatMap((field) => (body[field] == null ? [] : [[field, body[field]]])));
  const { known: targetOptions, unknown } = body.targetOptions ? await knownOptions(body.targetOptions) : NO_OPTIONS;
  return {
    title: body.title || null,
    sourceFilename: body.sourceFilename,
    targetIds: targetIdsOf(body),
    mocapType: body.mocapType ?? 'full_body',
    exportFps: body.exportFps ?? 30,
    trimStartSec: body.trimStartSec ?? 0,
    trimEndSec: body.trimEndSec ?? null,
    sourceBytes: body.sourceBytes ?? null,
    sourceDurationSec: body.sourceDurationSec ?? null,
    sourceSha256: body.sourceSha256?.toLowerCase() ?? null,
    options: body.targetOptions == null ? options : { ...options, targetOptions },
    metadata: metadataOf(body),
    warnings: warningsOf(body, unknown),
  };
}
