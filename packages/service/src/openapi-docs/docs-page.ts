/** The reference as one page without scripts, made of the OpenAPI document and the catalogue of errors: it cannot differ from either. */
import { ERRORS, type ErrorEntry } from '@gaitway/motion/errors';

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>;
  readonly description?: string;
}

interface Operation {
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema?: unknown }[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content>>;
}

export interface OpenApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character]);

const schemaBlock = (title: string, schema: unknown): string =>
  schema === undefined
    ? ''
    : `<details><summary>${escaped(title)}</summary><pre>${escaped(JSON.stringify(schema, null, 2))}</pre></details>`;

const bodyOf = (content: Content | undefined): unknown => Object.values(content?.content ?? {})[0]?.schema;

function parameterList(operation: Operation): string {
  const items = (operation.parameters ?? []).map(
    ({ name, in: place, required }) => `<li><code>${escaped(name)}</code> in ${escaped(place)}${required ? ', required' : ''}</li>`,
  );
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>`;
}

function operationSection(path: string, method: string, operation: Operation): string {
  const access = operation.security === undefined ? 'public' : 'key needed';
  return [
    `<section><h3><code>${method.toUpperCase()} ${escaped(path)}</code></h3>`,
    `<p>${escaped(operation.summary ?? '')} <small>(${access})</small></p>`,
    parameterList(operation),
    schemaBlock('Request body', bodyOf(operation.requestBody)),
    schemaBlock('Answer 200', bodyOf(operation.responses?.['200'])),
    '</section>',
  ].join('');
}

const errorRow = ([code, entry]: [string, ErrorEntry]): string =>
  `<tr><td><code>${code}</code></td><td>${entry.status}</td><td>${entry.stage}</td><td>${entry.retryable ? 'yes' : 'no'}</td><td>${escaped(entry.message)}</td></tr>`;

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2128;background:#fff}
pre{background:#f4f5f7;padding:1rem;overflow:auto;font-size:13px}section{border-top:1px solid #d8dce2;padding:.5rem 0}
h3{margin:.6rem 0 0}td,th{padding:.3rem .6rem;text-align:left;vertical-align:top;border-top:1px solid #d8dce2}table{border-collapse:collapse}
@media(prefers-color-scheme:dark){body{color:#e6e8eb;background:#14171b}pre{background:#1f242b}}`;

export function docsPage(document: OpenApiDocument): string {
  const sections = Object.entries(document.paths ?? {}).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => operationSection(path, method, operation)),
  );
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => schemaBlock(name, schema));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Gaitway API</title><style>${STYLE}</style></head><body><h1>Gaitway API</h1>
<p>Send <code>Authorization: Bearer sk-…</code>. Create a job, <code>PUT</code> the video to its <code>uploadUrl</code>, complete the upload, poll until
<code>completed</code>, <code>failed</code> or <code>canceled</code>, fetch the result. Every POST takes an <code>Idempotency-Key</code>.
The document behind this page: <a href="/openapi.json">/openapi.json</a>.</p>
<h2>Operations</h2>${sections.join('')}<h2>Schemas</h2>${schemas.join('')}
<h2>Errors</h2><p>Refusals are problem+json (RFC 9457) with these codes.</p>
<table><tr><th>code</th><th>status</th><th>stage</th><th>retryable</th><th>meaning</th></tr>${Object.entries(ERRORS).map(errorRow).join('')}</table>
</body></html>`;
}
