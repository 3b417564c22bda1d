import type { Clip } from '@gaitway/motion/clip';
import { jointPositions } from '@gaitway/motion/kinematics';
import { jointIndex } from '@gaitway/motion/skeleton';
import { describe, expect, it } from 'vitest';
import type { Landmarks } from '../../src/landmarks.ts';
import type { Solved } from '../../src/solve/first-solve.ts';
import { solve } from '../../src/solve/solve.ts';
import type { SolveOptions } from '../../src/solve/solve-options.ts';
import type { Acted, Scene } from './acted.ts';
import { acted } from './acted.ts';
import { cartwheel, crawl, handstand, lie, sit, stand, walk } from './acts.ts';
import { everyNumber, rootAlignedErrorOfMm } from './measure.ts';

const scene = (act: Scene['act'], change: Partial<Scene> = {}): Scene => ({ durationSec: 1.6, fps: 30, heightM: 1.75, act, ...change });

/** Solves what was acted and checks that nothing exploded. */
function solved({ landmarks }: Pick<Acted, 'landmarks'>, options: Partial<SolveOptions> = {}): Solved {
  const result = solve(landmarks, { subjectHeightM: 1.75, ...options });
  const { clip } = result;
  expect(everyNumber(clip).every(Number.isFinite)).toBe(true);
  for (let i = 0; i < clip.rotations.length; i += 4) expect(Math.hypot(...clip.rotations.subarray(i, i + 4))).toBeCloseTo(1, 4);
  expect(clip.rootTranslationM.every((v) => Math.abs(v) < 20)).toBe(true);
  expect(clip.confidence.every((v) => v >= 0 && v <= 1)).toBe(true);
  expect(fastestMS(clip)).toBeLessThan(25);
  return result;
}

function fastestMS(clip: Clip): number {
  const p = jointPositions(clip);
  const wide = clip.skeleton.joints.length * 3;
  let fastest = 0;
  for (let i = wide; i < p.length; i += 3) {
    const moved = Math.hypot(p[i] - p[i - wide], p[i + 1] - p[i + 1 - wide], p[i + 2] - p[i + 2 - wide]);
    fastest = Math.max(fastest, moved * clip.fps);
  }
  return fastest;
}

const PARTS = ['upperarm', 'lowerarm', 'hand', 'thigh', 'calf', 'foot'];
const NAMES = (['l', 'r'] as const).flatMap((side) => PARTS.map((part) => `${part}_${side}`));

/** Mean joint error relative to the hips after one turn about the vertical, millimetres: which way is up counts. */
function errorMm(clip: Clip, { joints, frameCount }: Acted): number {
  const p = jointPositions(clip);
  const own = new Float64Array(frameCount * 36);
  NAMES.forEach((name, i) => {
    const j = jointIndex(clip.skeleton, name);
    for (let f = 0; f < frameCount; f++) {
      const row = Math.min(f, clip.frameCount - 1) * clip.skeleton.joints.length + j;
      own.set(p.subarray(row * 3, row * 3 + 3), f * 36 + i * 3);
    }
  });
  return rootAlignedErrorOfMm(own, joints);
}

const lowestM = (clip: Clip): number => jointPositions(clip).reduce((low, v, i) => (i % 3 === 1 ? Math.min(low, v) : low), Infinity);
const plantedShare = ({ contacts }: Clip): number => contacts.reduce((sum, v) => sum + v, 0) / contacts.length;

/** Takes the person out of the frames `[from, to)`. */
function without({ landmarks }: Acted, from: number, to: number): Landmarks {
  const out = {
    ...landmarks,
    found: landmarks.found.slice(),
    imagePx: landmarks.imagePx.slice(),
    worldM: landmarks.worldM.slice(),
    visibility: landmarks.visibility.slice(),
  };
  out.found.fill(0, from, to);
  out.imagePx.fill(0, from * 99, to * 99);
  out.worldM.fill(0, from * 99, to * 99);
  out.visibility.fill(0, from * 33, to * 33);
  return out;
}

describe('positions of the body', () => {
  it('sitting: the trunk says which way is up', () => {
    const person = acted(scene(sit));
    const { clip, report } = solved(person);
    expect(errorMm(clip, person)).toBeLessThan(50);
    expect(report.warnings.join(' ')).toContain('never stands up straight');
  });

  it('lying on the back, seen by a camera that looks down 15°', () => {
    const person = acted(scene(lie, { eyeM: [0, 1.5, 4], pitchDeg: 15 }));
    const { clip, report } = solved(person);
    expect(errorMm(clip, person)).toBeLessThan(60);
    expect(lowestM(clip)).toBeGreaterThan(-0.05);
    expect(report.warnings.join(' ')).toContain('never upright');
  });

  it('crawling', () => {
    const person = acted(scene(crawl));
    const { clip, report } = solved(person);
    expect(errorMm(clip, person)).toBeLessThan(60);
    expect(report.warnings.join(' ')).toContain('never upright');
  });

  it('a handstand stays upside down, on its hands', () => {
    const person = acted(scene(handstand));
    const { clip } = solved(person);
    expect(errorMm(clip, person)).toBeLessThan(50);
    expect(lowestM(clip)).toBeGreaterThan(-0.2);
    expect(lowestM(clip)).toBeLessThan(0.2);
    expect(plantedShare(clip)).toBe(0);
  });

  it('a cartwheel is followed all the way round, with no foot planted in the air', () => {
    const person = acted(scene(cartwheel, { durationSec: 2.7 }));
    const { clip, report } = solved(person);
    expect(report.repairs).toEqual([]);
    expect(errorMm(clip, person)).toBeLessThan(60);
    const upsideDown = Math.round(1.35 * 30);
    expect([...clip.contacts.subarray(upsideDown * 4 - 12, upsideDown * 4 + 12)].every((v) => v === 0)).toBe(true);
    expect(lowestM(clip)).toBeGreaterThan(-0.25);
  });
});

describe('cameras and clips', () => {
  it('filmed from straight above', () => {
    const person = acted(scene(walk(0.8), { eyeM: [0, 4.5, 0.8], pitchDeg: 90 }));
    const { clip, report } = solved(person);
    expect(errorMm(clip, person)).toBeLessThan(50);
    expect(report.warnings.join(' ')).toContain('from above');
  });

  it.each([
    ['a child', 1.0, { eyeM: [0, 0.8, 3.5] as const }],
    ['a very tall person', 2.1, { eyeM: [0, 1.2, 5] as const }],
  ])('%s', (_, heightM, change) => {
    const person = acted(scene(walk(heightM * 0.5), { heightM, ...change }));
    expect(errorMm(solved(person, { subjectHeightM: heightM }).clip, person)).toBeLessThan(60);
  });

  it('slow motion: a foot that swings slowly is not planted', () => {
    const person = acted(scene((t, size) => walk(1)(t / 4, size), { durationSec: 2.4, fps: 60 }));
    const { clip } = solved(person);
    expect(errorMm(clip, person)).toBeLessThan(50);
    expect(plantedShare(clip)).toBeLessThan(0.92);
  });

  it('ten frames a second', () => {
    const person = acted(scene(walk(1), { durationSec: 3, fps: 10 }));
    expect(errorMm(solved(person).clip, person)).toBeLessThan(60);
  });

  it('one second', () => {
    const person = acted(scene(walk(1), { durationSec: 0.9 }));
    const { clip, report } = solved(person);
    expect(errorMm(clip, person)).toBeLessThan(60);
    expect(report.warnings.join(' ')).toContain('shorter than a second');
  });

  it('a mirrored clip is the mirrored motion', () => {
    const { landmarks } = acted(scene(walk(1)));
    const imagePx = landmarks.imagePx.map((v, i) => (i % 3 === 0 ? landmarks.widthPx - v : v));
    const worldM = landmarks.worldM.map((v, i) => (i % 3 === 0 ? -v : v));
    const { report } = solved({ landmarks: exchanged({ ...landmarks, imagePx, worldM }) });
    expect(report.repairs).toEqual([]);
  });
});

/** Left and right as a pose model names them that sees the mirrored picture. */
function exchanged(landmarks: Landmarks): Landmarks {
  const twin = (i: number): number => (i === 0 ? 0 : i < 7 ? (i < 4 ? i + 3 : i - 3) : i % 2 === 1 ? i + 1 : i - 1);
  const rows = (values: Float32Array, width: number): Float32Array =>
    values.map((_, o) => {
      const point = Math.floor(o / width);
      return values[(point - (point % 33) + twin(point % 33)) * width + (o % width)];
    });
  return {
    ...landmarks,
    imagePx: rows(landmarks.imagePx, 3),
    worldM: rows(landmarks.worldM, 3),
    visibility: rows(landmarks.visibility, 1),
  };
}

describe('floors that move', () => {
  it.each([0.5, 1.2])('a treadmill at %s m/s: no foot is held, and that is said', (speedMS) => {
    const person = acted(scene(walk(speedMS, true), { durationSec: 2.5 }));
    const { clip, report } = solved(person);
    expect(report.warnings.join(' ')).toContain('treadmill');
    expect(errorMm(clip, person)).toBeLessThan(40);
    const travel = Math.hypot(clip.rootTranslationM.at(-3) ?? 0, clip.rootTranslationM.at(-1) ?? 0);
    expect(travel).toBeLessThan(0.3);
  });

  it.each([
    ['who walks', walk(1)],
    ['who stands', stand],
  ])('is not seen under a person %s', (_, act) => {
    expect(solved(acted(scene(act))).report.warnings.join(' ')).not.toContain('treadmill');
  });

  it('a camera on a dolly is said to be one', () => {
    const { landmarks, frameCount } = acted(scene(walk(1)));
    const turns = new Float64Array(frameCount * 4).map((_, i) => (i % 4 === 3 ? 1 : 0));
    const { focalPx } = solve(landmarks).report.camera;
    const camera = {
      focalPx,
      turns,
      scales: Float64Array.from({ length: frameCount }, (_, f) => 1 - 0.004 * f),
      agreement: new Float32Array(frameCount).fill(0.8),
      parallax: new Float32Array(frameCount).fill(0.02),
      breaks: new Uint8Array(frameCount),
    };
    const { report } = solved({ landmarks: { ...landmarks, camera } });
    expect(report.camera.background).toMatchObject({ translationSuspected: true });
    expect(report.warnings.join(' ')).toContain('camera_translation_suspected');
  });
});

describe('a person who is not always there', () => {
  const person = acted(scene(walk(0.5), { durationSec: 4 }));

  it.each([
    ['enters late', 0, 45],
    ['leaves', 80, 121],
    ['is hidden for two seconds', 30, 90],
  ])('%s', (_, from, to) => {
    const { clip, report } = solved({ landmarks: without(person, from, to) });
    expect(report.gaps).toEqual([{ from, to }]);
    expect(report.warnings.join(' ')).toContain('bridged');
    const joints = clip.skeleton.joints.length;
    expect(clip.confidence.subarray(from * joints, to * joints).every((v) => v === 0)).toBe(true);
    expect(clip.confidence.some((v) => v > 0.7)).toBe(true);
  });

  it('feet that are never visible are guesses, and said to be', () => {
    const { landmarks } = acted(scene(walk(0.5)));
    const visibility = landmarks.visibility.map((v, i) => (i % 33 >= 25 ? 0.03 : v));
    const { report } = solved({ landmarks: { ...landmarks, visibility } });
    expect(report.warnings.join(' ')).toContain('feet are hardly ever visible');
    expect(report.confidence?.worst.map(({ part }) => part)).toEqual(expect.arrayContaining(['left leg', 'right leg']));
  });
});
