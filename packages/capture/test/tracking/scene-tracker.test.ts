import { describe, expect, it } from 'vitest';
import type { SeenPose } from '../../src/models/landmarker.ts';
import type { PersonTrack } from '../../src/tracking/person-track.ts';
import type { Picture } from '../../src/tracking/picture.ts';
import type { Roi } from '../../src/tracking/roi.ts';
import { SceneTracker } from '../../src/tracking/scene-tracker.ts';
import { type Actor, FPS, Stage } from './stage.ts';

/** `cuts`: frames with which another shot may begin. */
const play = async (actors: readonly Actor[], frames: number, cuts: readonly number[] = []) => {
  const stage = new Stage(actors);
  const scene = new SceneTracker(stage, stage, { mirror: false, imageScale: 2 });
  for (let frame = 0; frame < frames; frame++) {
    if (cuts.includes(frame)) scene.loseEverybody();
    await scene.next(stage.show(frame), frame / FPS);
  }
  const timesSec = Float64Array.from({ length: frames }, (_, i) => i / FPS);
  return { tracks: scene.tracks, timesSec, detections: stage.detections };
};

/** The track that the clip is about. */
const heaviest = (tracks: readonly PersonTrack[]): PersonTrack => [...tracks].sort((a, b) => b.weight - a.weight)[0];

const clip = (timesSec: Float64Array) => ({ widthPx: 1280, heightPx: 720, nominalFps: FPS, timesSec });

const absent = (x: number): Actor => ({ at: (f) => (f >= 20 && f < 110 ? undefined : [f < 20 ? 200 : x, 180]), radiusPx: 60 });

describe('SceneTracker', () => {
  it('follows one person with hardly a look of the detector, in pixels of the source', async () => {
    const { tracks, timesSec, detections } = await play([{ at: (f) => [100 + 3 * f, 180], radiusPx: 60 }], 60);
    expect(tracks).toHaveLength(1);
    const landmarks = tracks[0].plain.finish(clip(timesSec));
    expect(landmarks.found.every((found) => found === 1)).toBe(true);
    expect(landmarks.imagePx[(30 * 33 + 23) * 3]).toBe(2 * 190);
    expect(detections).toBeLessThan(10);
  });

  it('marks frames without the person and continues the same track after a short loss', async () => {
    const { tracks, timesSec } = await play([{ at: (f) => (f >= 20 && f < 30 ? undefined : [200 + f, 180]), radiusPx: 60 }], 50);
    expect(tracks).toHaveLength(1);
    const { found, imagePx } = tracks[0].plain.finish(clip(timesSec));
    expect(Array.from(found, (seen, f) => (seen ? -1 : f)).filter((f) => f >= 0)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    expect(imagePx.subarray(25 * 99, 26 * 99).every((value) => value === 0)).toBe(true);
  });

  it('tells who appeared in the very frame in which they were met from who had been overlooked', async () => {
    const stander: Actor = { at: () => [500, 180], radiusPx: 60 };
    const since = (first: number): Actor => ({ at: (f) => (f >= first ? [150, 180] : undefined), radiusPx: 60 });
    const metAt = async (first: number): Promise<PersonTrack> => (await play([stander, since(first)], 80)).tracks[1];
    const { plain } = await metAt(20);
    const met = plain.rows.firstFrame;
    expect(met).toBeGreaterThan(20);
    expect((await metAt(met)).arrivals).toEqual(new Set([met]));
    expect((await metAt(20)).arrivals).toEqual(new Set());
    // Before a cut nobody is looked for.
    expect((await play([stander, since(met)], 80, [met])).tracks.map(({ arrivals }) => arrivals.size)).toEqual([0, 0]);
  });

  it('looks for everybody anew where another shot may begin: nobody is expected where they were', async () => {
    const actor: Actor = { at: (f) => [100 + 3 * f, 180], radiusPx: 60 };
    const [whole, cut] = [await play([actor], 40), await play([actor], 40, [20])];
    expect(cut.detections).toBeGreaterThan(whole.detections);
    expect(cut.tracks).toHaveLength(1);
    expect(cut.tracks[0].plain.finish(clip(cut.timesSec)).found.every((found) => found === 1)).toBe(true);
  });

  it('follows three of a crowd at a time, and none of them twice', async () => {
    const crowd = Array.from({ length: 8 }, (_, i): Actor => ({ at: () => [60 + 75 * i, 180], radiusPx: 40 + 2 * i }));
    const { tracks, timesSec } = await play(crowd, 60);
    const found = tracks.map((track) => track.plain.finish(clip(timesSec)).found);
    for (let f = 0; f < timesSec.length; f++) expect(found.reduce((sum, seen) => sum + seen[f], 0)).toBeLessThanOrEqual(3);
    const last = found[0].length - 1;
    expect(found.reduce((sum, seen) => sum + seen[last], 0)).toBe(3);
    const places = tracks.map((track) => track.last?.centerXPx).sort();
    expect(new Set(places).size).toBe(tracks.length);
  });

  it('takes who appears elsewhere after a long absence for somebody else, at the same place for the same', async () => {
    expect((await play([absent(330)], 130)).tracks).toHaveLength(2);
    expect((await play([absent(210)], 130)).tracks).toHaveLength(1);
  });

  it('never jumps to somebody else when the person leaves', async () => {
    const leaver: Actor = { at: (f) => (f < 30 ? [100, 180] : undefined), radiusPx: 60 };
    const stander: Actor = { at: () => [500, 180], radiusPx: 50 };
    const { tracks, timesSec } = await play([leaver, stander], 90);
    expect(tracks).toHaveLength(2);
    for (const track of tracks) {
      const { found, imagePx } = track.plain.finish(clip(timesSec));
      const places = new Set(Array.from({ length: 90 }, (_, f) => (found[f] ? imagePx[(f * 33 + 23) * 3] : -1)).filter((x) => x >= 0));
      expect(places.size).toBe(1);
    }
    expect(heaviest(tracks).plain.foundCount).toBe(90);
  });

  it('keeps two people who cross apart in number: never one person on two tracks', async () => {
    const { tracks, timesSec } = await play(
      [
        { at: (f) => [100 + 5 * f, 180], radiusPx: 60 },
        { at: (f) => [500 - 5 * f, 200], radiusPx: 60 },
      ],
      80,
    );
    const seen = tracks.map((track) => track.plain.finish(clip(timesSec)));
    for (let f = 0; f < 80; f++) {
      const places = seen.filter((s) => s.found[f]).map((s) => s.imagePx[(f * 33 + 23) * 3 + 1] * 1000 + s.imagePx[(f * 33 + 23) * 3]);
      expect(new Set(places).size).toBe(places.length);
    }
  });

  it('finds a small person tile by tile and then follows', async () => {
    const { tracks } = await play([{ at: (f) => [560 - f, 300], radiusPx: 15, isTiny: true }], 40);
    expect(tracks).toHaveLength(1);
    expect(tracks[0].plain.foundCount).toBeGreaterThan(30);
  });

  it('forgets passers-by of a long clip, not the person that it is about', async () => {
    const passers: Actor[] = Array.from({ length: 40 }, (_, k) => ({
      at: (f: number) => (f >= 10 * k && f < 10 * k + 6 ? ([100 + 400 * (k % 2), 180] as const) : undefined),
      radiusPx: 40 * (k % 3 === 0 ? 1 : 2),
    }));
    const { tracks } = await play([{ at: (f) => (f < 100 ? [320, 180] : undefined), radiusPx: 70 }, ...passers], 400);
    expect(tracks.length).toBeLessThanOrEqual(24);
    expect(heaviest(tracks).firstSec).toBe(0);
    expect(tracks.at(-1)?.lastSec).toBeGreaterThan(390 / FPS);
  });

  it('does not follow bystanders much smaller than the person, nor nobody', async () => {
    const actors: Actor[] = [
      { at: () => [200, 180], radiusPx: 80 },
      { at: () => [600, 100], radiusPx: 20 },
    ];
    expect((await play(actors, 40)).tracks).toHaveLength(1);
    expect((await play([], 10)).tracks).toHaveLength(0);
  });
});

describe('a failure of the networks', () => {
  it('is passed on', async () => {
    const stage = new Stage([{ at: () => [200, 180], radiusPx: 60 }]);
    let looks = 0;
    const look = (shown: Picture, roi: Roi): Promise<SeenPose> =>
      ++looks < 6 ? stage.look(shown, roi) : Promise.reject(new Error('the network is gone'));
    const scene = new SceneTracker(stage, { look }, { mirror: true, imageScale: 1 });
    const watch = async (): Promise<void> => {
      for (let frame = 0; frame < 20; frame++) await scene.next(stage.show(frame), frame / FPS);
    };
    await expect(watch()).rejects.toThrow('the network is gone');
  });

  it('is passed on when its turn comes, if it met a look that was begun early', async () => {
    const stage = new Stage([{ at: () => [200, 180], radiusPx: 60 }]);
    const pictures = Array.from({ length: 20 }, (_, frame) => stage.show(frame));
    const look = (shown: Picture, roi: Roi): Promise<SeenPose> =>
      shown === pictures[12] ? Promise.reject(new Error('the network is gone')) : stage.look(shown, roi);
    const scene = new SceneTracker(stage, { look }, { mirror: false, imageScale: 1 });
    for (let frame = 0; frame < 12; frame++) {
      const looking = scene.next(pictures[frame], frame / FPS);
      scene.lookAhead(pictures[frame + 1], (frame + 1) / FPS);
      await looking;
    }
    await expect(scene.next(pictures[12], 12 / FPS)).rejects.toThrow('the network is gone');
  });
});
