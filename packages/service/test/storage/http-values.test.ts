import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRange } from '../../src/storage/byte-range.ts';
import { attachmentHeader } from '../../src/storage/content-disposition.ts';

test.each([
  [undefined, { kind: 'whole' }],
  ['bytes=0-0', { kind: 'part', range: { start: 0, end: 0 } }],
  ['bytes=2-', { kind: 'part', range: { start: 2, end: 9 } }],
  ['bytes=2-500', { kind: 'part', range: { start: 2, end: 9 } }],
  ['bytes=-3', { kind: 'part', range: { start: 7, end: 9 } }],
  ['bytes=-99', { kind: 'part', range: { start: 0, end: 9 } }],
  ['bytes=10-', { kind: 'unsatisfiable' }],
  ['bytes=-0', { kind: 'unsatisfiable' }],
  ['bytes=5-2', { kind: 'whole' }],
  ['bytes=-', { kind: 'whole' }],
  ['bytes=0-1,4-5', { kind: 'whole' }],
  ['items=0-1', { kind: 'whole' }],
  [`bytes=${'9'.repeat(40)}-`, { kind: 'whole' }],
])('Range %j of ten bytes', (header, answer) => {
  expect(parseRange(header, 10)).toEqual(answer);
});

test('any range lies inside the object', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(2000), fc.nat(2000), (bytes, first, last) => {
      for (const header of [`bytes=${first}-${last}`, `bytes=${first}-`, `bytes=-${last}`]) {
        const answer = parseRange(header, bytes);
        if (answer.kind !== 'part') continue;
        expect(answer.range.start).toBeGreaterThanOrEqual(0);
        expect(answer.range.end).toBeLessThan(bytes);
        expect(answer.range.start).toBeLessThanOrEqual(answer.range.end);
      }
    }),
  );
});

test.each([
  ['walk.fbx', 'attachment; filename="walk.fbx"'],
  ['pas à pas.fbx', `attachment; filename="pas _ pas.fbx"; filename*=UTF-8''pas%20%C3%A0%20pas.fbx`],
  ['歩く(1).fbx', `attachment; filename="__(1).fbx"; filename*=UTF-8''%E6%AD%A9%E3%81%8F%281%29.fbx`],
  ['../../etc/passwd', 'attachment; filename="__.._etc_passwd"'],
  ['a"; evil="x\r\nSet-Cookie: y', 'attachment; filename="a_; evil=_x__Set-Cookie_ y"'],
  ['', 'attachment; filename="file"'],
])('file name %j', (name, header) => {
  expect(attachmentHeader(name)).toBe(header);
});

test('no name breaks out of the header', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
      expect(attachmentHeader(name)).toMatch(
        /^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]*"(; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]*)?$/,
      );
    }),
  );
});
