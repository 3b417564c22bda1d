import { GaitwayError } from '@gaitway/motion/errors';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../../config/config.ts';
import { OBJECTS_PATH } from '../../storage/signed-url.ts';

const MAX_DEPTH = 32;

/** Deepest nesting of a JSON text, found without parsing it: `jsonDepth('{"a":["}"]}') = 2`. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

/** A body that dribbles in holds a connection: it is cut. Uploads have their own rule. */
function registerBodyTimeout(app: FastifyInstance, timeoutSec: number): void {
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (request.url.startsWith(OBJECTS_PATH) || request.raw.complete) return payload;
    const timer = setTimeout(() => request.raw.destroy(), timeoutSec * 1000);
    request.raw.once('end', () => clearTimeout(timer));
    request.raw.once('close', () => clearTimeout(timer));
    return payload;
  });
}

/** JSON only; an absent body is an empty one, whatever its Content-Type says. Prototype keys and deep nesting are refused before parsing. */
export function registerJsonBody(app: FastifyInstance, limits: Pick<Config['limits'], 'bodyBytes' | 'bodyTimeoutSec'>): void {
  const bodyLimit = limits.bodyBytes;
  registerBodyTimeout(app, limits.bodyTimeoutSec);
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, (request, body, done) => {
    const text = body.toString();
    if (text.trim() === '') return done(null, {});
    if (jsonDepth(text) > MAX_DEPTH)
      return done(new GaitwayError('request_invalid', { message: `The body is nested more than ${MAX_DEPTH} levels deep.` }));
    return parseJson(request, text, done);
  });
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, body, done) => {
    if (body.toString().trim() === '') return done(null, {});
    return done(new GaitwayError('request_invalid', { message: 'Send the body as Content-Type: application/json.' }));
  });
}
