import type { FastifyInstance } from 'fastify';
import { docsPage, type OpenApiDocument } from './docs-page.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** `/docs`, made once: the routes do not change while the server runs. */
export function registerDocs(app: FastifyInstance): void {
  let page: string | undefined;
  app.get('/docs', { schema: { hide: true } as never }, async (_request, reply) => {
    page ??= docsPage(app.swagger() as OpenApiDocument);
    return reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY).serializer(String).send(page);
  });
}
