/** One answer that serves both client generations: the flat fields of the older one and `outputs` of the newer one. */
import { z } from 'zod';
import { isDelivered } from '../../jobs/redelivery.ts';
import { type ArtifactRow, artifactsOf, type JobRow, type OutputRow, outputsOf } from '../../jobs/rows.ts';
import type { HttpContext } from '../context.ts';
import { statusSchema } from './job-view.ts';

const resultTypeSchema = z.enum(['fbx', 'robot_motion_json']);

export const fileSchema = z.object({
  name: z.string(),
  url: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  mediaType: z.string(),
});

export const outputSchema = z.object({
  targetId: z.string(),
  resultType: resultTypeSchema,
  status: z.enum(['completed', 'failed']),
  targetVersion: z.int().nullable(),
  fbxUrl: z.string().optional(),
  motionJsonUrl: z.string().optional(),
  files: z.array(fileSchema),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  review: z.record(z.string(), z.unknown()).nullable(),
});

export const resultSchema = z
  .object({
    jobId: z.string(),
    status: statusSchema,
    job: z.object({ id: z.string(), status: statusSchema }),
    targetId: z.string(),
    resultType: resultTypeSchema,
    fbxUrl: z.string().nullable(),
    motionJsonUrl: z.string().nullable(),
    previewVideoUrl: z.string().nullable(),
    manifestUrl: z.string().nullable(),
    errorCode: z.string().nullable(),
    stage: z.string().nullable(),
    outputs: z.array(outputSchema),
    files: z.array(fileSchema).meta({ description: 'Files of the job as a whole: manifest, preview, clip.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    completedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Result' });

export type ResultView = z.infer<typeof resultSchema>;
type FileView = z.infer<typeof fileSchema>;
type OutputView = z.infer<typeof outputSchema>;

interface SignedArtifact {
  readonly artifact: ArtifactRow;
  readonly view: FileView;
}

/** URLs are signed anew on every call. */
async function signArtifacts(context: HttpContext, artifacts: readonly ArtifactRow[]): Promise<SignedArtifact[]> {
  const expiresAt = new Date(Date.now() + context.config.limits.downloadUrlSec * 1000);
  return Promise.all(
    artifacts.map(async (artifact) => {
      const { key, name, bytes, sha256, media_type: mediaType } = artifact;
      const url = await context.objects.signDownload({ key, expiresAt, fileName: name, mediaType });
      return { artifact, view: { name, url, bytes, sha256, mediaType } };
    }),
  );
}

function outputView(output: OutputRow, signed: readonly SignedArtifact[]): OutputView {
  const files = signed.filter(({ artifact }) => artifact.target_id === output.target_id).map(({ view }) => view);
  const main =
    output.result_type === 'fbx' ? files.find(({ name }) => name.endsWith('.fbx')) : files.find(({ name }) => name.endsWith('.json'));
  return {
    targetId: output.target_id,
    resultType: output.result_type,
    status: output.status === 'completed' ? 'completed' : 'failed',
    targetVersion: output.target_version,
    ...(main !== undefined && (output.result_type === 'fbx' ? { fbxUrl: main.url } : { motionJsonUrl: main.url })),
    files,
    ...(output.error_code !== null && { error: { code: output.error_code, message: output.error_message ?? '' } }),
    review: output.review,
  };
}

/** A job that failed or was canceled keeps what was asked for and lists nothing; one whose failed targets are made again lists the others. */
export async function resultView(context: HttpContext, job: JobRow): Promise<ResultView> {
  const outputs = await outputsOf(context.db, job.id);
  const delivered = isDelivered(job);
  const signed = delivered ? await signArtifacts(context, await artifactsOf(context.db, job.id)) : [];
  const listed = delivered ? outputs.filter((output) => output.status !== 'pending') : [];
  const views = listed.map((output) => outputView(output, signed));
  const urlOf = (role: ArtifactRow['role']): string | null => signed.find(({ artifact }) => artifact.role === role)?.view.url ?? null;
  return {
    jobId: job.id,
    status: job.status,
    job: { id: job.id, status: job.status },
    targetId: outputs[0].target_id,
    resultType: outputs[0].result_type,
    fbxUrl: views.find((view) => view.fbxUrl !== undefined)?.fbxUrl ?? null,
    motionJsonUrl: views.find((view) => view.motionJsonUrl !== undefined)?.motionJsonUrl ?? null,
    previewVideoUrl: urlOf('preview'),
    manifestUrl: urlOf('manifest'),
    errorCode: job.error_code ?? (job.status === 'canceled' ? 'canceled' : null),
    stage: job.error_stage ?? (job.status === 'canceled' ? (job.last_stage ?? 'upload') : null),
    outputs: views,
    files: signed.filter(({ artifact }) => artifact.target_id === null).map(({ view }) => view),
    createdAt: job.created_at.toISOString(),
    updatedAt: job.updated_at.toISOString(),
    completedAt: job.completed_at?.toISOString() ?? null,
  };
}
