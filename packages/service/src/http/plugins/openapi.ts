import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemSchema } from '../problem.ts';

const PROBLEM = {
  description: 'Refused, with a code of the catalogue',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

interface Operation {
  responses?: Record<string, unknown>;
}

/** Every operation can be refused in the same form. */
function withProblems<Document extends object>(document: Document): Document {
  const { paths = {}, components = {} } = document as {
    paths?: Record<string, Record<string, Operation>>;
    components?: Record<string, Record<string, unknown>>;
  };
  for (const operations of Object.values(paths)) {
    for (const operation of Object.values(operations)) operation.responses = { ...operation.responses, default: PROBLEM };
  }
  components.schemas = { ...components.schemas, Problem: z.toJSONSchema(problemSchema) };
  return { ...document, components };
}

/** OpenAPI 3.1, derived from the schemas of the routes. Registered before them. */
export async function registerOpenApi(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Gaitway',
        version: '1',
        description: 'Video of a person in; animation out. Asynchronous jobs with signed uploads and downloads.',
      },
      servers: [{ url: publicUrl }],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: sk-…' } } },
    },
    transform: (input) => {
      const { schema, url } = jsonSchemaTransform(input as Parameters<typeof jsonSchemaTransform>[0]);
      const secured = input.route.config?.scope === undefined ? {} : { security: [{ key: [] }] };
      return { schema: { ...schema, ...secured, ...(url.startsWith('/objects/') && { hide: true }) }, url };
    },
    transformObject: (input) => withProblems(jsonSchemaTransformObject(input as Parameters<typeof jsonSchemaTransformObject>[0])) as never,
  });
  app.get('/openapi.json', { schema: { hide: true } as never }, async () => app.swagger());
}
