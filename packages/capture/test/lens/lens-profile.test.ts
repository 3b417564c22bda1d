import { describe, expect, it } from 'vitest';
import type { Lines } from '../../src/lens/edge-lines.ts';
import type { LensBelief } from '../../src/lens/lens-belief.ts';
import { believe, isRoom } from '../../src/lens/lens-belief.ts';
import { lensProfile } from '../../src/lens/lens-profile.ts';
import type { SeenVertical } from '../../src/lens/seen-vertical.ts';
import { seenVertical } from '../../src/lens/seen-vertical.ts';
import type { View } from './rooms.ts';
import { assumedFocal, edgesAlong, floorPlaces, level, linesOf, randomOf, strays, toCamera, VERTICAL, wallPlaces } from './rooms.ts';

const PRIOR: LensBelief = { mean: 0, sd: 0.12, others: 0.05 };
const DEG = Math.PI / 180;
const SIZE = { widthPx: 1280, heightPx: 720 };

const viewOf = (log: number, pitchDeg: number, rollDeg: number, size = SIZE): View => ({
  ...size,
  focalPx: assumedFocal(size) * Math.exp(log),
  pitchRad: pitchDeg * DEG,
  rollRad: rollDeg * DEG,
});

const askedOf = (
  view: View,
  lines: Lines,
): { readonly lens: LensBelief; readonly vertical: SeenVertical | undefined; readonly room: boolean } => {
  const profile = lensProfile(lines, assumedFocal(view));
  const lens = believe(PRIOR, profile.scores);
  return { lens, vertical: seenVertical([{ frame: 0, profile }], lens), room: isRoom(profile.scores) };
};

/** A room whose walls stand at a heading, with clutter. */
const roomIn = (view: View, headingDeg: number, seed: number, clutter = 12): Lines => {
  const random = randomOf(seed);
  return linesOf([
    ...edgesAlong(view, VERTICAL, wallPlaces(16, random), random),
    ...edgesAlong(view, level(headingDeg * DEG), [...wallPlaces(12, random), ...floorPlaces(12, random)], random),
    ...edgesAlong(view, level((headingDeg + 90) * DEG), floorPlaces(24, random), random),
    ...strays(view, clutter, random),
  ]);
};

describe('the edges of a room', () => {
  const cases = [
    [0.15, 9, 0, 30],
    [-0.2, 12, 2, 50],
    [0, 15, -1, 20],
    [0.2, -8, 1, 60],
    [-0.1, 20, 0, 0],
  ] as const;

  it.each(cases)(
    'tell a lens %f longer than assumed (pitch %f°, roll %f°, walls at %f°), and how sure that is',
    (log, pitch, roll, heading) => {
      const view = viewOf(log, pitch, roll);
      const { lens, vertical } = askedOf(view, roomIn(view, heading, 7));
      expect(lens.sd).toBeLessThan(0.08);
      expect(Math.abs(lens.mean - log)).toBeLessThan(2.5 * lens.sd);
      const down = toCamera(view, [0, -1, 0]);
      const off = Math.acos(
        Math.min(
          1,
          down.reduce((sum, v, k) => sum + v * (vertical?.down[k] ?? 0), 0),
        ),
      );
      expect(off).toBeLessThan(2.5 * Math.hypot(vertical?.pitchSigmaRad ?? 0, vertical?.rollSigmaRad ?? 0));
      expect(off).toBeLessThan(2 * DEG);
    },
  );

  it('tell it as well in a picture on end, and whatever the size of the picture', () => {
    const portrait = viewOf(0.12, 10, 0, { widthPx: 720, heightPx: 1280 });
    const { lens } = askedOf(portrait, roomIn(portrait, 35, 3));
    expect(Math.abs(lens.mean - 0.12)).toBeLessThan(2.5 * lens.sd);
    const view = viewOf(0.15, 9, 0);
    const lines = roomIn(view, 30, 7);
    const half = { ...lines, middles: lines.middles.map((v) => v / 2), lengths: lines.lengths.map((v) => v / 2) };
    const small = lensProfile(half, assumedFocal(view) / 2);
    lensProfile(lines, assumedFocal(view)).scores.forEach((score, i) => {
      expect(small.scores[i]).toBeCloseTo(score, 6);
    });
  });

  it('of walls at many headings share one vertical', () => {
    const view = viewOf(0.15, 12, 0);
    const random = randomOf(5);
    const lines = linesOf([
      ...edgesAlong(view, VERTICAL, wallPlaces(20, random), random),
      ...[25, 115, 70, 150].flatMap((heading) =>
        edgesAlong(view, level(heading * DEG), floorPlaces(heading < 120 ? 16 : 8, random), random),
      ),
    ]);
    const { lens } = askedOf(view, lines);
    expect(lens.sd).toBeLessThan(0.1);
    expect(Math.abs(lens.mean - 0.15)).toBeLessThan(2.5 * lens.sd);
  });

  it('hold what they promise: errors are as large as is said', () => {
    let squares = 0;
    let learned = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = randomOf(seed * 31);
      const log = (random() + random() + random() - 1.5) * 0.24;
      const view = viewOf(log, 4 + 12 * random(), (random() - 0.5) * 4);
      const { lens } = askedOf(view, roomIn(view, 90 * random(), seed, 30));
      if (lens.sd > 0.1) continue;
      learned++;
      squares += ((lens.mean - log) / lens.sd) ** 2;
    }
    expect(learned).toBeGreaterThan(20);
    expect(squares / learned).toBeLessThan(1.3);
  });
});

describe('edges that do not tell the lens', () => {
  const view = viewOf(0.2, 8, 0);
  const random = randomOf(11);
  const nothing = (lens: LensBelief): void => {
    expect(Math.abs(lens.mean)).toBeLessThan(0.06);
    expect(lens.sd).toBeGreaterThan(0.1);
  };

  it('of a floor alone give the prior back, and roll and horizon none the less', () => {
    const across = edgesAlong(view, level(0), floorPlaces(30, random), random);
    const { lens, vertical, room } = askedOf(
      view,
      linesOf([...across, ...edgesAlong(view, level(90 * DEG), floorPlaces(30, random), random)]),
    );
    nothing(lens);
    expect(room).toBe(true);
    expect(vertical?.rollSigmaRad).toBeLessThan(1 * DEG);
    // The horizon is seen; its height is pitch only as far as the lens is known.
    expect(vertical?.pitchSigmaRad).toBeGreaterThan(0.5 * DEG);
    expect(Math.abs(Math.atan2(vertical?.down[2] ?? 0, vertical?.down[1] ?? 1) - view.pitchRad)).toBeLessThan(
      3 * (vertical?.pitchSigmaRad ?? 0),
    );
  });

  it('of a wall parallel to the picture give the prior back', () => {
    const upright = edgesAlong(view, VERTICAL, wallPlaces(20, random), random);
    nothing(askedOf(view, linesOf([...upright, ...edgesAlong(view, level(0), wallPlaces(20, random), random)])).lens);
  });

  it('that run anyhow are no room', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { lens, vertical, room } = askedOf(view, linesOf(strays(view, 60, randomOf(seed))));
      nothing(lens);
      expect(room).toBe(false);
      expect(vertical).toBeUndefined();
    }
  });

  it('are none at all', () => {
    const { lens, room } = askedOf(view, linesOf([]));
    nothing(lens);
    expect(room).toBe(false);
    nothing(askedOf(view, linesOf(strays(view, 1, random))).lens);
  });
});
