import { GaitwayError } from '@gaitway/motion/errors';
import type { FastifyInstance } from 'fastify';
import { faultOf, sendProblem } from '../problem.ts';

interface Known {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:[A-Za-z]+/g, '[^/]+')
      .replace(/\*/g, '.*')}$`,
  );

/** Tells an unknown address (404) from a known one that does not take the method (405). Registered before the routes. */
export function registerNotFound(app: FastifyInstance): void {
  const known = new Map<string, Known>();
  app.addHook('onRoute', ({ url, method }) => {
    const entry = known.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const name of [method].flat()) entry.methods.add(name);
    known.set(url, entry);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0];
    const methods = [...known.values()].filter(({ pattern }) => pattern.test(path)).flatMap((entry) => [...entry.methods]);
    if (methods.length === 0) return sendProblem(faultOf(new GaitwayError('route_not_found')), request, reply);
    reply.header('allow', [...new Set(methods)].sort().join(', '));
    return sendProblem(faultOf(new GaitwayError('method_not_allowed')), request, reply);
  });
}
