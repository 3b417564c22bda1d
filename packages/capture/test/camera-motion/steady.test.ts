import { multiply, rotate, rotateInverse } from '@gaitway/motion/quaternion';
import { expMap, fromTo } from '@gaitway/motion/rotation';
import { describe, expect, it } from 'vitest';
import type { CameraTrack } from '../../src/camera-motion/camera-motion.ts';
import { cameraFrames } from '../../src/camera-motion/camera-motion.ts';
import { cameraWarnings } from '../../src/camera-motion/camera-warnings.ts';
import { filmSteadily } from '../../src/camera-motion/film-steadily.ts';
import { judgeCamera } from '../../src/camera-motion/judge-camera.ts';
import { SteadyView } from '../../src/camera-motion/steady-view.ts';
import type { Landmarks } from '../../src/landmarks.ts';
import type { LensProfile } from '../../src/lens/lens-profile.ts';
import { FOCAL_COUNT } from '../../src/lens/lens-profile.ts';
import { cameraFor } from '../../src/solve/camera.ts';
import { solve } from '../../src/solve/solve.ts';
import { firstFrames, readTruth, syntheticLandmarks } from '../solve/synthetic.ts';

const FRAMES = 40;
const truth = firstFrames(readTruth('walk_front'), FRAMES);
const still = syntheticLandmarks(truth, { seed: 11, imagePx: 2, worldM: 0.01 });
const { focalPx, centreXPx, centreYPx } = cameraFor(still, undefined);

/** A track in which every frame's camera is turned by the rotation vector of `turn`. */
function trackOf(turn: (frame: number) => readonly [number, number, number], frameCount = FRAMES): CameraTrack {
  const turns = new Float64Array(frameCount * 4);
  for (let f = 0; f < frameCount; f++) expMap(turns, f * 4, turn(f), 0);
  return {
    focalPx,
    turns,
    scales: new Float64Array(frameCount).fill(1),
    agreement: new Float32Array(frameCount).fill(0.9),
    parallax: new Float32Array(frameCount).fill(0.01),
    breaks: new Uint8Array(frameCount),
  };
}

/** Edges that are sure of a vertical, whatever the lens. */
const profileOf = (down: readonly number[]): LensProfile => ({
  scores: new Float64Array(FOCAL_COUNT).fill(60),
  downs: Float64Array.from({ length: FOCAL_COUNT * 3 }, (_, i) => down[i % 3]),
  sigmas: new Float64Array(FOCAL_COUNT * 2).fill(0.002),
});

/** The smallest turn of the viewing direction to the middle of a body in one frame, quaternion. */
function gaze(imagePx: Float32Array, f: number): Float64Array {
  const middle = (axis: number): number => {
    let sum = 0;
    for (let i = 11; i < 33; i++) sum += imagePx[(f * 33 + i) * 3 + axis] / 22;
    return sum;
  };
  const ray = Float64Array.of((middle(0) - centreXPx) / focalPx, (middle(1) - centreYPx) / focalPx, 1);
  const length = Math.hypot(...ray);
  const q = new Float64Array(4);
  fromTo(
    q,
    0,
    Float64Array.of(0, 0, 1),
    0,
    ray.map((v) => v / length),
    0,
  );
  return q;
}

/** What a camera that turns would have seen; the pose model's axes look straight at the person, whichever way the camera looks. */
function filmed(track: CameraTrack): Landmarks {
  const imagePx = still.imagePx.slice();
  const worldM = still.worldM.slice();
  const v = new Float64Array(3);
  for (let f = 0; f < FRAMES; f++) {
    for (let o = f * 99; o < (f + 1) * 99; o += 3) {
      v.set([(imagePx[o] - centreXPx) / focalPx, (imagePx[o + 1] - centreYPx) / focalPx, 1]);
      rotateInverse(v, 0, track.turns, f * 4, v, 0);
      imagePx[o] = centreXPx + (focalPx * v[0]) / v[2];
      imagePx[o + 1] = centreYPx + (focalPx * v[1]) / v[2];
    }
    const [before, now] = [gaze(still.imagePx, f), gaze(imagePx, f)];
    for (let o = f * 99; o < (f + 1) * 99; o += 3) {
      rotate(worldM, o, before, 0, worldM, o);
      rotateInverse(worldM, o, track.turns, f * 4, worldM, o);
      rotateInverse(worldM, o, now, 0, worldM, o);
    }
  }
  return { ...still, imagePx, worldM, camera: track };
}

const pan = trackOf((f) => [0.01 * Math.sin(f), 0.2 * Math.sin(f / 9), 0.01 * Math.cos(f)]);

describe('landmarks of a camera that turned', () => {
  it('are those of a camera that stands still, seen from the middle of the pan', () => {
    const { landmarks, verdict } = filmSteadily(filmed(pan), undefined);
    const reference = verdict?.motion?.referenceFrame ?? -1;
    expect(reference).toBeGreaterThanOrEqual(0);
    const q = pan.turns.slice(reference * 4, reference * 4 + 4);
    const expected = filmed({ ...pan, turns: pan.turns.map((_, i) => q[i % 4]) });
    for (let i = 0; i < landmarks.imagePx.length; i++) {
      if (i % 3 < 2) expect(Math.abs(landmarks.imagePx[i] - expected.imagePx[i])).toBeLessThan(0.05);
      expect(Math.abs(landmarks.worldM[i] - expected.worldM[i])).toBeLessThan(0.002);
    }
  });

  it('give the motion that a still camera gives, where the pan left alone ruins the path', () => {
    const options = { subjectHeightM: truth.subject.height_m };
    const travel = (landmarks: Landmarks): number => {
      const { clip } = solve(landmarks, options);
      const last = (clip.frameCount - 1) * 3;
      return Math.hypot(clip.rootTranslationM[last], clip.rootTranslationM[last + 2]);
    };
    const expected = travel(still);
    const { camera: _, ...alone } = filmed(pan);
    expect(Math.abs(travel(filmed(pan)) - expected)).toBeLessThan(0.05);
    expect(Math.abs(travel(alone) - expected)).toBeGreaterThan(0.15);
    expect(solve(filmed(pan), options).report.camera).toMatchObject({ moving: true, background: { translationSuspected: false } });
  });

  it('a track that sways less than the landmarks err changes no bit', () => {
    const camera = trackOf((f) => [0.001 * Math.sin(f), 0.001 * Math.cos(f * 2), 0]);
    expect(filmSteadily({ ...still, camera }, undefined).landmarks.imagePx).toBe(still.imagePx);
    const [own, plain] = [solve({ ...still, camera }), solve(still)];
    expect(own.clip.rotations).toEqual(plain.clip.rotations);
    expect(own.clip.rootTranslationM).toEqual(plain.clip.rootTranslationM);
    expect(own.report.camera.moving).toBe(false);
  });

  it('are seen through the lens that the pan has shown, unless a field of view is given or the camera stands still', () => {
    const lensLogs = new Float32Array(FRAMES).fill(Number.NaN).map((v, f) => (f % 8 === 4 ? 0.2 : v));
    const seen = filmSteadily({ ...filmed(pan), camera: { ...pan, lensLogs } }, undefined).camera;
    expect(seen.source).toBe('background');
    expect(Math.log(seen.focalPx / focalPx)).toBeGreaterThan(0.15);
    expect(filmSteadily({ ...filmed(pan), camera: { ...pan, lensLogs } }, 60).camera.source).toBe('given');
    expect(filmSteadily(filmed(pan), undefined).camera).toMatchObject({ source: 'prior', focalPx });
    const resting = { ...trackOf(() => [0, 0, 0]), lensLogs };
    expect(filmSteadily({ ...still, camera: resting }, undefined).camera.source).toBe('prior');
    expect(cameraFrames({ ...pan, lensLogs }, 0, 20).lensLogs).toHaveLength(20);
  });

  it('have a vertical that is that of the camera taken to stand still, whichever frame was looked at', () => {
    // A camera that is level at first looks up more and more.
    const track = trackOf((f) => [0.004 * f, 0, 0]);
    const [early, late] = [5, 35].map((frame) => {
      const down = [0, Math.cos(0.004 * frame), -Math.sin(0.004 * frame)];
      return filmSteadily({ ...filmed(pan), camera: { ...track, edges: [{ frame, profile: profileOf(down) }] } }, undefined).vertical;
    });
    expect(early?.down[2]).toBeLessThan(-0.05);
    early?.down.forEach((v, k) => {
      expect(v).toBeCloseTo(late?.down[k] ?? Number.NaN, 6);
    });
  });

  it('of a part of a clip have the lens of the file, and the edges that were looked at in that part', () => {
    const looks = [0, 20, 39].map((frame) => ({ frame, profile: profileOf([0, 1, 0]) }));
    const part = cameraFrames({ ...pan, taggedLog: 0.1, edges: looks }, 20, 39);
    expect(part.taggedLog).toBe(0.1);
    expect(part.edges).toEqual([{ ...looks[1], frame: 0 }]);
    expect(cameraFrames(pan, 20, 39)).not.toHaveProperty('taggedLog');
  });

  it('stay finite for a camera that turns all the way round', () => {
    const { clip, report } = solve({ ...still, camera: trackOf((f) => [0, (f * 2 * Math.PI) / FRAMES, 0]) });
    expect([...clip.rootTranslationM, ...clip.rotations].every(Number.isFinite)).toBe(true);
    expect(report.warnings.join(' ')).toContain('beyond 55°');
  });
});

describe('SteadyView', () => {
  it('takes the same shift of the picture for a smaller angle of a longer lens', () => {
    const motion = { focalPx, rotations: trackOf(() => [0, 0.1, 0]).turns, referenceFrame: 0, panRad: 0.1 };
    const out = new Float64Array(4);
    for (const [o, focal] of [
      [0, focalPx],
      [2, focalPx * 1.5],
    ]) {
      const view = new SteadyView(motion, { focalPx: focal, centreXPx, centreYPx });
      view.aim(3);
      view.toReferencePixel(out, o, centreXPx, centreYPx);
    }
    expect(out[2] / out[0]).toBeCloseTo(1, 2);
    expect(out[0] - centreXPx).toBeGreaterThan(0.09 * focalPx);
  });

  it('leaves what a person looks like as it is, but for the roll of the camera', () => {
    const rotations = new Float64Array(8);
    expMap(rotations, 0, [0, 0.4, 0], 0);
    expMap(rotations, 4, [0, 0, 0.3], 0);
    const view = new SteadyView({ focalPx, rotations, referenceFrame: 0, panRad: 0.4 }, { focalPx, centreXPx, centreYPx });
    const v = Float64Array.of(1, 0, 0, 1, 0, 0);
    view.aim(0);
    view.aimAtPerson(centreXPx, centreYPx);
    view.turnSeen(v, 0);
    expect([...v.subarray(0, 3)].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, 0, 0]);
    view.aim(1);
    view.aimAtPerson(centreXPx, centreYPx);
    view.turnSeen(v, 3);
    expect(v[3]).toBeCloseTo(Math.cos(0.3), 9);
    expect(v[4]).toBeCloseTo(Math.sin(0.3), 9);
  });
});

describe('the verdict', () => {
  it('bridges frames that were not followed between those that were', () => {
    const track = trackOf((f) => [0, 0.01 * f, 0]);
    for (let f = 10; f < 14; f++) {
      track.agreement[f] = 0;
      track.turns.set([0, 1, 0, 0], f * 4);
    }
    const { motion, followed } = judgeCamera(track);
    expect(followed).toBeCloseTo(0.9, 9);
    const q = new Float64Array(4);
    const reference = motion?.referenceFrame ?? 0;
    multiply(q, 0, Float64Array.of(0, Math.sin(0.005 * reference), 0, Math.cos(0.005 * reference)), 0, motion?.rotations ?? q, 12 * 4);
    expect(2 * Math.atan2(q[1], q[3])).toBeCloseTo(0.12, 6);
  });

  it('of a part of a clip is that of its frames', () => {
    const track = trackOf((f) => [0, f < 20 ? 0 : 0.02 * f, 0]);
    expect(judgeCamera(cameraFrames(track, 0, 20)).motion).toBeUndefined();
    expect(judgeCamera(cameraFrames(track, 20, 40)).motion?.panRad).toBeCloseTo(0.2, 1);
  });

  it('says what is suspected, and nothing of a camera that stands still', () => {
    expect(cameraWarnings(judgeCamera(trackOf(() => [0, 0, 0])))).toEqual([]);
    const travelling = { ...trackOf(() => [0, 0, 0]), parallax: new Float32Array(FRAMES).fill(0.3) };
    expect(cameraWarnings(judgeCamera(travelling)).join(' ')).toContain('camera_translation_suspected');
    const zooming = { ...trackOf(() => [0, 0, 0]), scales: Float64Array.from({ length: FRAMES }, (_, f) => 1 - 0.005 * f) };
    expect(cameraWarnings(judgeCamera(zooming)).join(' ')).toContain('changes its size');
    const unseen = { ...trackOf(() => [0, 0, 0]), agreement: new Float32Array(FRAMES) };
    expect(cameraWarnings(judgeCamera(unseen)).join(' ')).toContain('taken to stand still');
  });
});
