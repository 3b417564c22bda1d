import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createUrlSigner } from '../../src/storage/signed-url.ts';

const NOW = new Date('2026-01-02T03:04:05Z');
const LATER = new Date('2026-01-02T04:04:05Z');
const signer = createUrlSigner(randomBytes(32));
const upload = signer.upload({ key: 'jobs/a/source', expiresAt: LATER, maxBytes: 1000 });
const download = signer.download({ key: 'jobs/a/walk.fbx', expiresAt: LATER, fileName: 'Ä "walk".fbx', mediaType: 'model/fbx' });

test('a URL says what it permits', () => {
  expect(signer.verifyUpload(upload, NOW)).toEqual({ key: 'jobs/a/source', expiresAt: LATER, maxBytes: 1000 });
  expect(signer.verifyDownload(download, NOW)).toEqual({
    key: 'jobs/a/walk.fbx',
    expiresAt: LATER,
    fileName: 'Ä "walk".fbx',
    mediaType: 'model/fbx',
  });
});

test('it ends at its moment', () => {
  expect(() => signer.verifyUpload(upload, LATER)).toThrow(expect.objectContaining({ code: 'upload_expired' }));
  expect(() => signer.verifyDownload(download, LATER)).toThrow(expect.objectContaining({ code: 'download_expired' }));
});

test('it serves one method only', () => {
  expect(() => signer.verifyDownload(upload, NOW)).toThrow(expect.objectContaining({ code: 'download_expired' }));
  expect(() => signer.verifyUpload(download, NOW)).toThrow(expect.objectContaining({ code: 'upload_expired' }));
});

test('it is worth nothing under another secret', () => {
  expect(() => createUrlSigner(randomBytes(32)).verifyUpload(upload, NOW)).toThrow(/expired or was altered/);
});

test('changing any one character breaks it, or changes nothing it says', () => {
  fc.assert(
    fc.property(fc.nat(upload.length - 1), fc.constantFrom(...'aZ09/&=?%~.-'), (at, character) => {
      const altered = upload.slice(0, at) + character + upload.slice(at + 1);
      try {
        expect(signer.verifyUpload(altered, NOW)).toEqual({ key: 'jobs/a/source', expiresAt: LATER, maxBytes: 1000 });
        return altered === upload;
      } catch (error) {
        return (error as { code?: string }).code === 'upload_expired';
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  '',
  '/objects/',
  '/objects/jobs/a/source',
  '/objects/../x?signature=',
  'http://host/objects/k?signature=a',
  `/objects/k?${'x'.repeat(9000)}`,
])('nonsense is refused: %j', (target) => {
  expect(() => signer.verifyUpload(target, NOW)).toThrow(expect.objectContaining({ code: 'upload_expired' }));
});

test('a secret too short to be one is refused', () => {
  expect(() => createUrlSigner(randomBytes(8))).toThrow(/32 bytes/);
});
