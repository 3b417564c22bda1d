import { multiply } from '@gaitway/motion/quaternion';
import { angleBetweenRad, expMap } from '@gaitway/motion/rotation';
import { describe, expect, it } from 'vitest';
import type { CameraTrack, CameraVerdict } from '../../src/camera-motion/camera-motion.ts';
import { CameraTracker } from '../../src/camera-motion/camera-tracker.ts';
import { judgeCamera } from '../../src/camera-motion/judge-camera.ts';
import { seenLens } from '../../src/camera-motion/seen-lens.ts';
import type { Box } from '../../src/preflight/box.ts';
import type { Pose } from './scenery.ts';
import { roomPicture, withGrain, withPerson } from './scenery.ts';

const WIDTH = 320;
const HEIGHT = 180;
/** What the tracker takes an unknown camera's focal length for. */
const FOCAL = 0.7 * Math.hypot(WIDTH, HEIGHT);
const DEG = Math.PI / 180;

interface Filmed {
  readonly track: CameraTrack;
  readonly verdict: CameraVerdict;
  /** Largest error of a frame's rotation against the reference frame's, degrees. */
  readonly worstDeg: number;
}

interface Film {
  readonly frames: number;
  readonly pose: (frame: number) => Pose;
  readonly person?: (frame: number) => Box;
  /** Logarithm of the focal length over the assumed one. */
  readonly lensLog?: number;
}

function film({ frames, pose, person, lensLog = 0 }: Film): Filmed {
  const tracker = new CameraTracker();
  for (let f = 0; f < frames; f++) {
    const picture = withGrain(roomPicture(pose(f), WIDTH, HEIGHT, FOCAL * Math.exp(lensLog)), f);
    const box = person?.(f);
    if (box) withPerson(picture, box, f);
    tracker.next(picture, box ? [box] : []);
  }
  const track = tracker.finish({ widthPx: WIDTH, heightPx: HEIGHT });
  const verdict = judgeCamera(track);
  return { track, verdict, worstDeg: verdict.motion ? worstError(verdict.motion, pose, frames) : 0 };
}

function worstError(motion: NonNullable<CameraVerdict['motion']>, pose: (frame: number) => Pose, frames: number): number {
  const [q, back, truth] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
  expMap(
    back,
    0,
    pose(motion.referenceFrame).turn.map((v) => -v),
    0,
  );
  let worst = 0;
  for (let f = 0; f < frames; f++) {
    expMap(q, 0, pose(f).turn, 0);
    multiply(truth, 0, back, 0, q, 0);
    worst = Math.max(worst, angleBetweenRad(truth, 0, motion.rotations, f * 4) / DEG);
  }
  return worst;
}

/** A person who walks through the middle of the picture. */
const walker = (f: number): Box => ({ leftPx: 90 + f * 2, topPx: 30, widthPx: 50, heightPx: 140 });

describe('a camera that turns', () => {
  it('a pan of ±12° with a trembling hand is found within a tenth of a degree in every frame, past a person who walks', () => {
    const pose = (f: number): Pose => ({
      turn: [0.3 * DEG * Math.sin(f), 12 * DEG * Math.sin(f / 12), 0.3 * DEG * Math.sin(f * 0.7)],
    });
    const { verdict, worstDeg } = film({ frames: 50, pose, person: walker });
    expect(worstDeg).toBeLessThan(0.1);
    expect(verdict.followed).toBe(1);
    expect(verdict.breaks).toBe(0);
    expect(verdict.zoom).toBeLessThan(1.02);
    expect(verdict.parallax).toBeLessThan(0.03);
  });

  it('does not drift over a pan of 60°, and takes the frame in the middle as its reference', () => {
    const { verdict, worstDeg } = film({ frames: 41, pose: (f) => ({ turn: [0, 1.5 * f * DEG, 0] }) });
    expect(worstDeg).toBeLessThan(0.1);
    expect(verdict.motion?.referenceFrame).toBe(20);
    expect((verdict.motion?.panRad ?? 0) / DEG).toBeCloseTo(30, 0);
  });

  it('comes back to where it was after swaying: no error adds up', () => {
    const sway = film({ frames: 80, pose: (f) => ({ turn: [0, 9 * DEG * Math.sin((f * Math.PI) / 20), 0] }) });
    const [first, last] = [sway.track.turns.slice(0, 4), sway.track.turns.slice(316, 320)];
    expect(angleBetweenRad(first, 0, last, 0) / DEG).toBeLessThan(1.5);
    expect(sway.worstDeg).toBeLessThan(0.05);
  });

  it('a jerk of five degrees a frame is followed', () => {
    const { verdict, worstDeg } = film({ frames: 24, pose: (f) => ({ turn: [0, 5 * DEG * Math.max(0, Math.min(6, f - 8)), 0] }) });
    expect(worstDeg).toBeLessThan(0.1);
    expect(verdict.breaks).toBe(0);
  });
});

describe('a camera that does not turn', () => {
  it('stands exactly still in spite of grain and a person who walks', () => {
    const { verdict } = film({ frames: 30, pose: () => ({ turn: [0, 0, 0] }), person: walker });
    expect(verdict).toMatchObject({ motion: undefined, followed: 1, breaks: 0 });
    expect(verdict.zoom).toBeLessThan(1.01);
  });

  it('stands still although most of the picture is a bus that drives past', () => {
    const tracker = new CameraTracker();
    for (let f = 0; f < 30; f++) {
      const picture = withGrain(roomPicture({ turn: [0, 0, 0] }, WIDTH, HEIGHT, FOCAL), f);
      withPerson(picture, { leftPx: -200 + f, topPx: 0, widthPx: 640, heightPx: 140 }, 0);
      tracker.next(picture, []);
    }
    const { motion, followed } = judgeCamera(tracker.finish({ widthPx: WIDTH, heightPx: HEIGHT }));
    expect(motion).toBeUndefined();
    expect(followed).toBeGreaterThan(0.8);
  });

  it('with nothing to follow nothing is said', () => {
    const tracker = new CameraTracker();
    for (let f = 0; f < 10; f++) tracker.next({ widthPx: 64, heightPx: 48, y: new Uint8Array(64 * 48).fill(90 + f) }, []);
    expect(judgeCamera(tracker.finish({ widthPx: 64, heightPx: 48 }))).toMatchObject({ motion: undefined, followed: 0 });
  });

  it('a cut is a break, and named as such', () => {
    const { verdict, track } = film({ frames: 40, pose: (f) => ({ turn: [0, f < 20 ? 0 : 2.5, 0] }) });
    expect(track.breaks.indexOf(1)).toBe(20);
    expect(verdict.breaks).toBe(1);
  });
});

describe('a camera that travels or zooms', () => {
  it('sideways: near things pass far ones', () => {
    const { verdict } = film({ frames: 45, pose: (f) => ({ turn: [0, 0, 0], at: [f * 0.03, 0, 0] }) });
    expect(verdict.parallax).toBeGreaterThan(0.055);
  });

  it('forwards: the background grows', () => {
    const { verdict } = film({ frames: 45, pose: (f) => ({ turn: [0, 0, 0], at: [0, 0, f * 0.03] }) });
    expect(verdict.zoom).toBeGreaterThan(1.1);
  });

  it('a zoom of a quarter is measured', () => {
    const { verdict } = film({ frames: 45, pose: (f) => ({ turn: [0, 0, 0], zoom: 1 + (0.25 * f) / 44 }) });
    expect(verdict.zoom).toBeGreaterThan(1.2);
    expect(verdict.zoom).toBeLessThan(1.3);
    expect(verdict.breaks).toBe(0);
  });
});

describe('the lens', () => {
  const lensOf = (one: Film): number => {
    const { track, verdict } = film(one);
    return seenLens(track, verdict).mean;
  };
  const pan = (f: number): Pose => ({ turn: [0.3 * DEG * Math.sin(f), 1.2 * f * DEG, 0] });

  it.each([-0.3, 0, 0.3])('that is %f longer than assumed (logarithm) shows in a pan, but for what the prior holds back', (lensLog) => {
    expect(Math.abs(lensOf({ frames: 36, pose: pan, person: walker, lensLog }) - lensLog)).toBeLessThan(0.02 + 0.15 * Math.abs(lensLog));
  });

  it('shows when the camera is raised, too', () => {
    expect(lensOf({ frames: 36, pose: (f) => ({ turn: [0.8 * f * DEG, 0, 0] }), lensLog: 0.2 })).toBeGreaterThan(0.15);
  });

  it('does not show while the camera stands still, hardly turns, travels or zooms', () => {
    expect(lensOf({ frames: 20, pose: () => ({ turn: [0, 0, 0] }), lensLog: 0.3 })).toBe(0);
    expect(lensOf({ frames: 20, pose: (f) => ({ turn: [0, 0.1 * f * DEG, 0] }), lensLog: 0.3 })).toBe(0);
    expect(lensOf({ frames: 36, pose: (f) => ({ turn: [0, 0, 0], at: [0.05 * f, 0, 0] }) })).toBe(0);
    expect(lensOf({ frames: 36, pose: (f) => ({ turn: [0, f * DEG, 0], zoom: 1 + 0.01 * f }) })).toBe(0);
  });
});
