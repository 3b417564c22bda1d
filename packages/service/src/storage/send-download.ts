/** The HTTP answer for an object: whole, in part, or "you have it already". Objects never change under an ETag, which is their sha256. */
import type { Readable } from 'node:stream';
import { GaitwayError } from '@gaitway/motion/errors';
import { parseRange, type RangeAnswer } from './byte-range.ts';
import { attachmentHeader } from './content-disposition.ts';
import type { DownloadGrant, ObjectInfo, ObjectStore } from './object-store.ts';

export interface DownloadRequest {
  readonly isHead: boolean;
  readonly range?: string;
  readonly ifRange?: string;
  readonly ifNoneMatch?: string;
}

export interface DownloadAnswer {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** null: no body. */
  readonly body: Readable | null;
}

const MEDIA_TYPE = /^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,100}$/;

const etagOf = (info: ObjectInfo): string => `"${info.sha256}"`;

/** RFC 9110 §13.1.2: a list of tags, weak ones compared without their mark. */
const matchesEtag = (header: string, etag: string): boolean =>
  header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);

function commonHeaders(info: ObjectInfo, grant: DownloadGrant): Record<string, string> {
  return {
    etag: etagOf(info),
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=900, immutable',
    'content-disposition': attachmentHeader(grant.fileName),
    'content-type': MEDIA_TYPE.test(grant.mediaType) ? grant.mediaType : 'application/octet-stream',
    // A file somebody uploaded must never run as a page of ours.
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  };
}

/** A range of an object that has changed since is no use: the whole is sent. */
function rangeOf(request: DownloadRequest, info: ObjectInfo): RangeAnswer {
  const isStale = request.ifRange !== undefined && request.ifRange !== etagOf(info);
  return parseRange(isStale ? undefined : request.range, info.bytes);
}

export async function answerDownload(store: ObjectStore, grant: DownloadGrant, request: DownloadRequest): Promise<DownloadAnswer> {
  const info = await store.stat(grant.key);
  if (info === null) throw new GaitwayError('artifact_not_found');
  const headers = commonHeaders(info, grant);
  if (request.ifNoneMatch !== undefined && matchesEtag(request.ifNoneMatch, etagOf(info))) return { status: 304, headers, body: null };
  const answer = rangeOf(request, info);
  if (answer.kind === 'unsatisfiable') {
    return { status: 416, headers: { 'content-range': `bytes */${info.bytes}`, 'content-length': '0' }, body: null };
  }
  const range = answer.kind === 'part' ? answer.range : undefined;
  const length = range === undefined ? info.bytes : range.end - range.start + 1;
  const sized = { ...headers, 'content-length': String(length) };
  const body = request.isHead ? null : await readSame(store, info, range);
  if (range === undefined) return { status: 200, headers: sized, body };
  return { status: 206, headers: { ...sized, 'content-range': `bytes ${range.start}-${range.end}/${info.bytes}` }, body };
}

/** The headers are written already: bytes of a replacement must not follow them. */
async function readSame(store: ObjectStore, info: ObjectInfo, range: { start: number; end: number } | undefined): Promise<Readable> {
  const reading = await store.read(info.key, range);
  if (reading.info.sha256 === info.sha256) return reading.body;
  reading.body.destroy();
  throw new GaitwayError('service_unavailable', { stage: 'download' });
}
