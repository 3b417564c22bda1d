import type { PersonSummary } from '@gaitway/capture/shots/person-summary';
import type { VideoInfo } from '@gaitway/capture/video-info';
import { describe, expect, it } from 'vitest';
import { onVideoClock, sourceWarnings } from '../src/origin.ts';

const box = { x: 1, y: 2, width: 3, height: 4 };
const person = (index: number, shot: number, isSubject: boolean): PersonSummary => ({
  ...{ index, isSubject, shot, firstSec: 0.5, lastSec: 2, frameCount: 45 },
  ...{ firstBox: box, lastBox: box, meanBox: box, path: [[0.5, 1, 2, 3, 4]] },
});
const shot = (subject: number | null) => ({ fromFrame: 0, toFrame: 60, fromSec: 0, toSec: 2, subject });
const seen = (people: readonly PersonSummary[], subjects: readonly (number | null)[], cutsSec: readonly number[] = []) =>
  onVideoClock({ people, shots: subjects.map(shot), cutsSec, dissolves: [] }, 10);
const video = (isCutOff: boolean): Pick<VideoInfo, 'stream'> => ({ stream: { isCutOff } as VideoInfo['stream'] });

describe('what was seen', () => {
  it('is told in seconds of the video where a part of it was used', () => {
    const { people, shots, cutsSec, dissolves } = onVideoClock(
      { people: [person(0, 0, true)], shots: [shot(0)], cutsSec: [1.5], dissolves: [{ fromSec: 0.1, toSec: 0.7 }] },
      10.1,
    );
    expect(people[0]).toMatchObject({ firstSec: 10.6, lastSec: 12.1, path: [[10.6, 1, 2, 3, 4]], firstBox: box });
    expect(shots).toEqual([{ fromSec: 10.1, toSec: 12.1, subject: 0 }]);
    expect(cutsSec).toEqual([11.6]);
    expect(dissolves).toEqual([{ fromSec: 10.2, toSec: 10.8 }]);
  });
});

describe('warnings about the source', () => {
  it('there are none for one person in one shot of a whole file', () => {
    expect(sourceWarnings(video(false), seen([person(0, 0, true)], [0]))).toEqual([]);
  });

  it('say that the file breaks off, where it is cut and who else is in it', () => {
    const people = [person(0, 0, false), person(1, 0, true), person(2, 1, true)];
    const warnings = sourceWarnings(video(true), seen(people, [1, 2], [2]));
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toMatch(/broke off/);
    expect(warnings[1]).toMatch(/cut at 12\.00 s/);
    expect(warnings[2]).toBe(
      'More than one person was seen; the motion is that of number 1, 2. Others: number 0 at 10.5–12.0 s. Choose by number, or by a place and a time.',
    );
  });

  it('name a few of a crowd', () => {
    const crowd = Array.from({ length: 12 }, (_, i) => person(i, 0, i === 3));
    expect(sourceWarnings(video(false), seen(crowd, [3]))[0]).toMatch(/number 6 at 10\.5–12\.0 s and 5 more\. Choose/);
  });
});
