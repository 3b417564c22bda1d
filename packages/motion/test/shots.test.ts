import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clip } from '../src/clip.ts';
import { decodeClip, encodeClip } from '../src/clip-file.ts';
import { isGaitwayError } from '../src/errors.ts';
import { resampleClip } from '../src/resample.ts';
import { joinShots, mapShots, shotRanges, splitShots } from '../src/shots.ts';
import { walker } from './walker.ts';

/** Three shots of a walk; each begins at the origin, so that the path jumps back at every cut. */
const cutClip = (): Clip => joinShots([walker(30, 1), walker(30, 0.5), walker(30, 1.5)]);

describe('shots', () => {
  it('split and joined again are the clip, value by value', () => {
    const clip = cutClip();
    expect(clip).toMatchObject({ frameCount: 31 + 16 + 46, shotStarts: [31, 47] });
    expect(shotRanges(clip)).toEqual([
      [0, 31],
      [31, 47],
      [47, 93],
    ]);
    expect(joinShots(splitShots(clip))).toEqual(clip);
    expect(splitShots(clip)[2]).toEqual(walker(30, 1.5));
  });

  it('are changed one by one, and a clip in one shot as a whole', () => {
    const seen: number[] = [];
    const note = (shot: Clip): Clip => {
      seen.push(shot.frameCount);
      return shot;
    };
    mapShots(cutClip(), note);
    mapShots(walker(30, 1), note);
    expect(seen).toEqual([31, 16, 46, 31]);
  });

  it('are never mixed by resampling: every new frame lies on the motion of its own shot', () => {
    fc.assert(
      fc.property(fc.constantFrom(24, 25, 60, 120), (fps) => {
        const clip = cutClip();
        const other = resampleClip(clip, fps);
        expect(other.frameCount).toBe(Math.round(((clip.frameCount - 1) * fps) / 30) + 1);
        const ranges = shotRanges(clip);
        shotRanges(other).forEach(([from, to], s) => {
          const source = splitShots(clip)[s];
          const [low, high] = [0, 1].map((end) => source.rootTranslationM[end * (source.frameCount - 1) * 3 + 2]).sort((a, b) => a - b);
          for (let f = from; f < to; f++) {
            expect(f / fps).toBeGreaterThanOrEqual(ranges[s][0] / 30 - 1e-9);
            expect(other.rootTranslationM[f * 3 + 2]).toBeGreaterThanOrEqual(low - 1e-6);
            expect(other.rootTranslationM[f * 3 + 2]).toBeLessThanOrEqual(high + 1e-6);
          }
        });
      }),
    );
  });

  it('survive the file, and a file that lies about them is refused', () => {
    const clip = cutClip();
    expect(decodeClip(encodeClip(clip)).clip).toEqual(clip);
    for (const shotStarts of [[0], [5, 5], [93], [1.5], ['x']] as unknown as number[][]) {
      const bytes = encodeClip({ ...clip, shotStarts });
      expect(() => decodeClip(bytes)).toThrow(expect.toSatisfy((e) => isGaitwayError(e) && e.code === 'source_unreadable'));
    }
  });

  it('without a single frame are no clip', () => {
    expect(() => joinShots([])).toThrow(RangeError);
  });
});
