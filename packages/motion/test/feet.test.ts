import { describe, expect, it } from 'vitest';
import type { Clip } from '../src/clip.ts';
import { detectContacts, intervals } from '../src/contacts.ts';
import { humanLegs, lowestOfSole, solePositions } from '../src/feet.ts';
import { lockFeet } from '../src/foot-lock.ts';
import { FOOT_LOCK_DEFAULTS } from '../src/foot-lock-options.ts';
import { FOOT_POINTS_M, SOLE_EDGES_M } from '../src/human.ts';
import { jointPositions } from '../src/kinematics.ts';
import { boneLengthVariationPct, jitter, lowConfidenceFrames, soleMetrics } from '../src/metrics.ts';
import { angleBetweenRad, fromAxisAngle } from '../src/rotation.ts';
import { jointIndex } from '../src/skeleton.ts';
import { flattenSoles } from '../src/sole-level.ts';
import { walker } from './walker.ts';

const withContacts = (clip: Clip): Clip => {
  // Loose thresholds: the synthetic walker slides on purpose.
  const options = { startSpeedMS: 0.7, endSpeedMS: 0.9, maxHeightM: 0.1, minContactSec: 0.1, maxGapSec: 0.07 };
  const soles = solePositions(clip, humanLegs(clip, FOOT_POINTS_M));
  return { ...clip, contacts: detectContacts(soles, 4, clip.fps, options) };
};

describe('contacts', () => {
  it('finds the still, low stretch of a point, closes gaps, drops blips', () => {
    const fps = 30;
    const track = Float64Array.from({ length: 60 * 3 }, (_, i) => {
      const f = Math.floor(i / 3);
      const moving = f < 15 ? 15 - f : f > 44 ? f - 44 : 0;
      return i % 3 === 0 ? moving * 0.05 : i % 3 === 1 ? moving * 0.01 : 0;
    });
    const contacts = detectContacts(track, 1, fps);
    expect(intervals(contacts, 0, 60, 1)).toEqual([[16, 44]]);
    track[30 * 3] += 0.02; // one jumpy frame in the middle
    expect(intervals(detectContacts(track, 1, fps), 0, 60, 1)).toHaveLength(1);
  });

  it('a still point in the air is no contact', () => {
    const track = Float64Array.from({ length: 90 }, (_, i) => (i % 3 === 1 ? 0.3 : 0));
    expect(detectContacts(track, 1, 30).every((c) => c === 0)).toBe(true);
  });
});

describe('foot lock', () => {
  const clip = withContacts(walker(30, 4));
  const legs = humanLegs(clip, FOOT_POINTS_M);
  const locked = lockFeet(clip, legs);
  const before = soleMetrics(solePositions(clip, legs), clip.contacts, 4, clip.fps);
  const after = soleMetrics(solePositions(locked, legs), locked.contacts, 4, locked.fps);

  it('starts from feet that slide and sink', () => {
    expect(before.contactFramesPct).toBeGreaterThan(30);
    expect(before.footSlideMmPerFrame).toBeGreaterThan(5);
  });

  it('plants them: no slide to speak of, nothing under the floor', () => {
    expect(after.footSlideMmPerFrame).toBeLessThan(1);
    expect(after.penetrationMaxM).toBeLessThan(0.002);
    expect(after.floatSamplesPct).toBeLessThan(2);
  });

  it('does not pop: jitter stays near that of the source', () => {
    const joints = clip.skeleton.joints.length;
    expect(jitter(jointPositions(locked), joints, 30)).toBeLessThan(jitter(jointPositions(clip), joints, 30) * 3 + 1);
  });

  it('keeps bone lengths and leaves the arms alone', () => {
    expect(boneLengthVariationPct(locked)).toBeLessThan(1e-3);
    const hand = clip.skeleton.joints.findIndex((joint) => joint.name === 'lowerarm_l');
    const at = (c: Clip): Float32Array =>
      c.rotations.slice((10 * clip.skeleton.joints.length + hand) * 4, (10 * clip.skeleton.joints.length + hand) * 4 + 4);
    expect(at(locked)).toEqual(at(clip));
  });

  it('strength 0 changes nothing', () => {
    expect(lockFeet(clip, legs, { easeSec: 0.15, strength: 0, flatten: true })).toBe(clip);
  });

  it('lifts feet out of the floor even where nothing is planted', () => {
    const sunk = walker(30, 1);
    const low = { ...sunk, rootTranslationM: sunk.rootTranslationM.map((v, i) => (i % 3 === 1 ? v - 0.08 : v)) };
    const lifted = lockFeet(low, legs);
    expect(soleMetrics(solePositions(lifted, legs), lifted.contacts, 4, 30).penetrationMaxM).toBeLessThan(0.002);
  });
});

describe('a sole with width', () => {
  const sole = { ...FOOT_POINTS_M, edges: SOLE_EDGES_M };
  const still = walker(30, 1);
  const joints = still.skeleton.joints.length;
  const foot = jointIndex(still.skeleton, 'foot_l');
  const legs = humanLegs(still, sole);

  /** Somebody who stands upright, the left foot turned on its outer edge by `rollRad`, its heel and toe planted or not. */
  function standing(rollRad: number, planted: 0 | 1): Clip {
    const rotations = new Float32Array(still.rotations.length).map((_, i) => (i % 4 === 3 ? 1 : 0));
    for (let f = 0; f < still.frameCount; f++) fromAxisAngle(rotations, (f * joints + foot) * 4, 0, 0, 1, rollRad);
    const contacts = still.contacts.map((_, i) => (i % 4 < 2 ? planted : 1));
    const rootTranslationM = still.rootTranslationM.map((_, i) => (i % 3 === 1 ? 0.965 : 0));
    return { ...still, rotations, contacts, rootTranslationM };
  }

  it('has edges that go through the floor where heel and toe do not', () => {
    const tilted = standing(-0.5, 0);
    expect(Math.min(...lowestOfSole(tilted, humanLegs(tilted, FOOT_POINTS_M)[0]))).toBeGreaterThan(0);
    expect(Math.min(...lowestOfSole(tilted, legs[0]))).toBeLessThan(-0.005);
  });

  it.each([0, 1] as const)('does not sink them, planted: %s', (planted) => {
    const locked = lockFeet(standing(-0.5, planted), legs);
    expect(Math.min(...lowestOfSole(locked, legs[0]))).toBeGreaterThan(-1e-4);
  });

  it('stands flat, not on an edge', () => {
    const locked = lockFeet(standing(-0.4, 1), legs);
    const level = lockFeet(standing(0, 1), legs);
    const at = (10 * joints + foot) * 4;
    for (let k = 0; k < 4; k++) expect(locked.rotations[at + k]).toBeCloseTo(level.rotations[at + k], 2);
  });

  it('does not set a foot upright that lies on its side', () => {
    const lying = standing(-1.2, 1);
    const at = (10 * joints + foot) * 4;
    expect(angleBetweenRad(lockFeet(lying, legs).rotations, at, lying.rotations, at)).toBeLessThan(0.1);
  });

  it.each([
    ['the instep', [1, 0, 0], Math.PI],
    ['the instep, a little askew', [0.99, 0.1, 0.1], 3],
    ['the other side', [0, 0, 1], 2.9],
  ] as const)('does not turn over a foot that lies on %s', (_, [x, y, z], angleRad) => {
    const prone = standing(0, 1);
    const size = Math.hypot(x, y, z);
    for (let f = 0; f < prone.frameCount; f++) {
      fromAxisAngle(prone.rotations, (f * joints + foot) * 4, x / size, y / size, z / size, angleRad);
      prone.contacts[f * 4] = 0;
    }
    const at = (10 * joints + foot) * 4;
    expect(angleBetweenRad(flattenSoles(prone, legs, FOOT_LOCK_DEFAULTS).rotations, at, prone.rotations, at)).toBeLessThan(0.5);
  });
});

describe('metrics', () => {
  it('jitter of a cubic is its third derivative; of a parabola, nothing', () => {
    const cubic = Float64Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? (i / 3 / 30) ** 3 : 0));
    expect(jitter(cubic, 1, 30)).toBeCloseTo(0.6, 6);
    const parabola = Float64Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? (i / 3 / 30) ** 2 : 0));
    expect(jitter(parabola, 1, 30)).toBeCloseTo(0, 6);
  });

  it('slide, penetration and float are what was put in', () => {
    const flat = Float64Array.from({ length: 30 }, (_, i) => [Math.floor(i / 3) * 0.002, i < 15 ? -0.02 : 0.03, 0][i % 3]);
    const m = soleMetrics(flat, new Uint8Array(10).fill(1), 1, 30);
    expect(m.footSlideMmPerFrame).toBeCloseTo(2, 9);
    expect(m.penetrationMaxM).toBeCloseTo(0.02, 12);
    expect(m.penetrationFramesPct).toBe(50);
    expect(m.floatMaxM).toBeCloseTo(0.03, 12);
    expect(m.floatSamplesPct).toBe(50);
  });

  it('counts frames in which a listed joint is unsure', () => {
    const clip = walker(30, 1);
    const confidence = clip.confidence.slice();
    confidence[5 * clip.skeleton.joints.length + 2] = 0.2;
    expect(lowConfidenceFrames({ ...clip, confidence }, [2, 3], 0.5)).toBe(1);
    expect(lowConfidenceFrames({ ...clip, confidence }, [3], 0.5)).toBe(0);
  });
});
