import { z } from 'zod';

/** A wrong id is an id of no job: it answers `job_not_found`, not a field error. */
export const jobParams = z.object({ jobId: z.string().max(100) });

/** A field of a query that is there but empty is as good as absent. */
export const unlessEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema);

export const pageQuery = {
  cursor: unlessEmpty(z.string().max(100).optional()),
  limit: unlessEmpty(z.coerce.number().int().min(1).max(100).default(20)),
};

/** Bodies of operations that take nothing: any fields are ignored. */
export const emptyBody = z.looseObject({}).nullish();

export const acceptedSchema = z
  .object({
    jobId: z.string(),
    status: z.enum(['draft', 'queued', 'processing', 'completed', 'failed', 'canceled']),
    attempt: z.int(),
    vCredits: z.int().nullable(),
    errorCode: z.string().nullable(),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'JobState' });

export const inData = <Schema extends z.ZodType>(schema: Schema) => z.object({ data: schema });
