/**
 * URLs that carry their own permission: one key, one method, until one moment, for at most so many bytes. Whatever is altered breaks the
 * signature (HMAC-SHA-256 over all of it), and the comparison takes the same time wherever it differs.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { GaitwayError } from '@gaitway/motion/errors';
import { isObjectKey, requireObjectKey } from './object-key.ts';
import type { DownloadGrant, UploadGrant } from './object-store.ts';

export const OBJECTS_PATH = '/objects/';

export interface UrlSigner {
  /** Path and query of an upload; the caller puts the public host before it. */
  upload(grant: UploadGrant): string;
  download(grant: DownloadGrant): string;
  /** What the URL permits; throws `upload_expired` / `download_expired` on anything else. `target` is path and query as received. */
  verifyUpload(target: string, now: Date): UploadGrant;
  verifyDownload(target: string, now: Date): DownloadGrant;
}

type SignedFields = readonly string[];

const MIN_SECRET_BYTES = 32;
const MAX_TARGET_CHARACTERS = 4_096;
const unixSec = (date: Date): number => Math.floor(date.getTime() / 1000);

function signature(secret: Uint8Array, method: 'PUT' | 'GET', fields: SignedFields): string {
  // JSON keeps the fields apart: no two lists have the same text.
  return createHmac('sha256', secret)
    .update(JSON.stringify([method, ...fields]))
    .digest('base64url');
}

function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

interface ParsedTarget {
  readonly key: string;
  readonly query: URLSearchParams;
}

function parseTarget(target: string): ParsedTarget | null {
  if (target.length > MAX_TARGET_CHARACTERS || !target.startsWith(OBJECTS_PATH)) return null;
  const split = target.indexOf('?');
  if (split < 0) return null;
  const key = target.slice(OBJECTS_PATH.length, split);
  return isObjectKey(key) ? { key, query: new URLSearchParams(target.slice(split + 1)) } : null;
}

/** The values of `names` if the signature over key and values holds and `expires` lies ahead; null otherwise. */
function verifiedFields(
  secret: Uint8Array,
  method: 'PUT' | 'GET',
  target: string,
  names: readonly string[],
  now: Date,
): SignedFields | null {
  const parsed = parseTarget(target);
  if (parsed === null) return null;
  const values = names.map((name) => parsed.query.get(name) ?? '');
  const fields = [parsed.key, ...values];
  if (!isSame(parsed.query.get('signature') ?? '', signature(secret, method, fields))) return null;
  return Number(values[0]) > unixSec(now) ? fields : null;
}

function signedTarget(secret: Uint8Array, method: 'PUT' | 'GET', key: string, values: Readonly<Record<string, string>>): string {
  const fields = [requireObjectKey(key), ...Object.values(values)];
  const query = new URLSearchParams({ ...values, signature: signature(secret, method, fields) });
  return `${OBJECTS_PATH}${key}?${query}`;
}

export function createUrlSigner(secret: Uint8Array): UrlSigner {
  if (secret.length < MIN_SECRET_BYTES) throw new Error('the secret of signed URLs must have at least 32 bytes');
  return {
    upload: (grant) =>
      signedTarget(secret, 'PUT', grant.key, { expires: String(unixSec(grant.expiresAt)), maxBytes: String(grant.maxBytes) }),
    download: (grant) =>
      signedTarget(secret, 'GET', grant.key, {
        expires: String(unixSec(grant.expiresAt)),
        name: grant.fileName,
        type: grant.mediaType,
      }),
    verifyUpload(target, now) {
      const fields = verifiedFields(secret, 'PUT', target, ['expires', 'maxBytes'], now);
      if (fields === null) throw new GaitwayError('upload_expired');
      const [key, expires, maxBytes] = fields;
      return { key, expiresAt: new Date(Number(expires) * 1000), maxBytes: Number(maxBytes) };
    },
    verifyDownload(target, now) {
      const fields = verifiedFields(secret, 'GET', target, ['expires', 'name', 'type'], now);
      if (fields === null) throw new GaitwayError('download_expired');
      const [key, expires, fileName, mediaType] = fields;
      return { key, expiresAt: new Date(Number(expires) * 1000), fileName, mediaType };
    },
  };
}
