import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeClip, encodeClip } from '../src/clip-file.ts';
import { isGaitwayError } from '../src/errors.ts';
import { walker } from './walker.ts';

const clip = walker(30, 0.5);
const bytes = encodeClip(clip, { title: 'Gång – ✓' });

describe('the .clip file', () => {
  it('reads back what was written, and writes the same bytes again', () => {
    const { clip: back, meta } = decodeClip(bytes);
    expect(back).toEqual(clip);
    expect(meta).toEqual({ title: 'Gång – ✓' });
    expect(encodeClip(back, meta)).toEqual(bytes);
  });

  it('reads from the middle of a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 3);
    expect(decodeClip(larger.subarray(3, 3 + bytes.length)).clip).toEqual(clip);
  });

  it('refuses anything else with the catalogue error, whatever the bytes', () => {
    const attempt = (data: Uint8Array): void => {
      try {
        decodeClip(data);
      } catch (error) {
        expect(isGaitwayError(error) && error.code).toBe('source_unreadable');
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), attempt));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = bytes.slice();
        changed[at] = value;
        attempt(changed);
      }),
      { numRuns: 300 },
    );
    expect(() => decodeClip(bytes.subarray(0, bytes.length - 1))).toThrow(/length/);
    expect(() => decodeClip(new Uint8Array(0))).toThrow(/clip/);
  });

  it('refuses numbers that are not finite', () => {
    const broken = encodeClip({ ...clip, rootTranslationM: clip.rootTranslationM.map((v, i) => (i === 4 ? Number.NaN : v)) });
    expect(() => decodeClip(broken)).toThrow(/finite/);
  });
});
