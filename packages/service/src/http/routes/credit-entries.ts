import { z } from 'zod';
import { availableChange, type Entry, entriesCsv, listEntries } from '../../credits/entries.ts';
import type { App, HttpContext } from '../context.ts';
import { callerOf } from '../plugins/auth.ts';
import { unlessEmpty } from '../schemas.ts';

const entrySchema = z
  .object({
    id: z.int(),
    at: z.iso.datetime(),
    pool: z.enum(['api', 'web']),
    kind: z.enum(['grant', 'reserve', 'settle', 'release', 'refund', 'adjust', 'expire']),
    amount: z.int(),
    availableChange: z.int(),
    jobId: z.string().nullable(),
    attempt: z.int().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'CreditEntry' });

const entryView = (entry: Entry): z.infer<typeof entrySchema> => ({
  id: entry.id,
  at: entry.at.toISOString(),
  pool: entry.pool,
  kind: entry.kind,
  amount: entry.amount,
  availableChange: availableChange(entry),
  jobId: entry.job_id,
  attempt: entry.attempt,
  note: entry.note,
});

const query = z.object({
  cursor: unlessEmpty(z.coerce.number().int().positive().optional()),
  limit: unlessEmpty(z.coerce.number().int().min(1).max(1_000).default(50)),
  pool: unlessEmpty(z.enum(['api', 'web']).optional()),
  format: unlessEmpty(z.enum(['json', 'csv']).default('json')),
});

export function registerCreditEntries(app: App, context: HttpContext): void {
  app.get(
    '/api/v1/credits/entries',
    {
      config: { scope: 'credits:read' },
      schema: {
        operationId: 'listCreditEntries',
        summary: 'The ledger, newest first; as CSV with format=csv',
        tags: ['credits'],
        querystring: query,
        response: { 200: z.union([z.object({ data: z.array(entrySchema), nextCursor: z.string().nullable() }), z.string()]) },
      },
    },
    async (request, reply) => {
      const { cursor, limit, pool, format } = request.query;
      const entries = await listEntries(context.db, { accountId: callerOf(request).accountId, pool, before: cursor, limit: limit + 1 });
      const page = entries.slice(0, limit);
      const nextCursor = entries.length > limit ? String(page[page.length - 1].id) : null;
      if (format === 'json') return { data: page.map(entryView), nextCursor };
      if (nextCursor !== null) reply.header('x-next-cursor', nextCursor);
      reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="credit-entries.csv"');
      return reply.serializer(String).send(entriesCsv(page));
    },
  );
}
