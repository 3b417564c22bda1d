import type { Clip } from '@gaitway/motion/clip';
import { HUMAN_SKELETON } from '@gaitway/motion/human';
import { multiply } from '@gaitway/motion/quaternion';
import { expMap } from '@gaitway/motion/rotation';
import { jointIndex } from '@gaitway/motion/skeleton';
import type { MotionScene } from '../src/scene.ts';

const STEP_HZ = 0.9;
const SPEED_MS = 1.2;

/** Rotation vectors (radians) of the joints that move at phase φ of a stride; legs and arms swing in opposition. */
const gait = (phase: number): Readonly<Record<string, readonly [number, number, number]>> => {
  const l = Math.sin(phase);
  const r = -l;
  const knee = (p: number): number => 0.15 + 0.55 * Math.max(0, Math.sin(p + 0.9)) ** 2;
  return {
    pelvis: [0.03, 0.12 * l, 0.03 * Math.cos(phase)],
    spine_02: [0.02, -0.1 * l, 0],
    spine_04: [0.02, -0.12 * l, 0],
    neck_01: [0.02, 0.05 * l, 0],
    thigh_l: [-0.45 * l - 0.1, 0.05, 0.02],
    thigh_r: [-0.45 * r - 0.1, -0.05, -0.02],
    calf_l: [knee(phase), 0, 0],
    calf_r: [knee(phase + Math.PI), 0, 0],
    foot_l: [-0.1 + 0.2 * Math.cos(phase), 0, 0],
    foot_r: [-0.1 - 0.2 * Math.cos(phase), 0, 0],
    ball_l: [-0.2 * Math.max(0, l), 0, 0],
    ball_r: [-0.2 * Math.max(0, r), 0, 0],
    upperarm_l: [0.5 * l, 0.1, -0.5],
    upperarm_r: [0.5 * r, -0.1, 0.5],
    lowerarm_l: [-0.2, -0.4 - 0.2 * l, 0],
    lowerarm_r: [-0.2, 0.4 + 0.2 * r, 0],
    hand_l: [0.1 * l, 0.2, 0.1],
    index_02_l: [0, 0, -0.4 - 0.2 * l],
  };
};

/** A walk towards +Z that curves slowly, on the standard human skeleton: smooth, asymmetric, every kind of joint moving. */
export function walkingClip(fps: number, frameCount: number): Clip {
  const joints = HUMAN_SKELETON.joints.length;
  const rotations = new Float32Array(frameCount * joints * 4);
  const rootTranslationM = new Float32Array(frameCount * 3);
  const contacts = new Uint8Array(frameCount * 4);
  const turn = new Float64Array(4);
  for (let f = 0; f < frameCount; f++) {
    const t = f / fps;
    const phase = 2 * Math.PI * STEP_HZ * t;
    const heading = 0.3 * t;
    for (let j = 0; j < joints; j++) rotations[(f * joints + j) * 4 + 3] = 1;
    for (const [name, vector] of Object.entries(gait(phase))) {
      expMap(rotations, (f * joints + jointIndex(HUMAN_SKELETON, name)) * 4, vector, 0);
    }
    expMap(turn, 0, [0, heading, 0], 0);
    multiply(rotations, f * joints * 4, turn, 0, rotations, f * joints * 4);
    rootTranslationM[f * 3] = (SPEED_MS / 0.3) * (1 - Math.cos(heading));
    rootTranslationM[f * 3 + 1] = 0.93 + 0.02 * Math.cos(2 * phase);
    rootTranslationM[f * 3 + 2] = (SPEED_MS / 0.3) * Math.sin(heading);
    // The foot that moves backwards relative to the body carries it.
    const left = Math.cos(phase) < 0 ? 1 : 0;
    contacts.set([left, left, 1 - left, 1 - left], f * 4);
  }
  const confidence = new Float32Array(frameCount * joints).fill(0.9);
  return { skeleton: HUMAN_SKELETON, fps, frameCount, rootTranslationM, rotations, contacts, confidence };
}

/** The clip as a scene without a mesh. */
export const sceneOf = (clip: Clip, name = 'walk'): MotionScene => ({
  name,
  skeleton: clip.skeleton,
  fps: clip.fps,
  frameCount: clip.frameCount,
  rotations: clip.rotations,
  translationsM: new Map([[0, clip.rootTranslationM]]),
});

/** The scene with a skinned tetrahedron about the spine, its vertices shared between pelvis and chest. */
export function withTetrahedron(scene: MotionScene): MotionScene {
  const joint = (name: string): number => jointIndex(scene.skeleton, name);
  const mesh = {
    name: 'tetrahedron',
    positionsM: Float32Array.of(0, 1.4, 0, 0.2, 0.9, 0.1, -0.2, 0.9, 0.1, 0, 0.9, -0.2),
    normals: Float32Array.of(0, 1, 0, 1, 0, 0, -1, 0, 0, 0, 0, -1),
    triangles: Uint32Array.of(0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3),
    joints: Uint16Array.from([0, 1, 2, 3].flatMap(() => [joint('pelvis'), joint('spine_04'), 0, 0])),
    weights: Float32Array.from([0.25, 0.75, 0, 0, 1, 0, 0, 0, 0.5, 0.5, 0, 0, 0, 1, 0, 0]),
    color: [0.8, 0.5, 0.2] as const,
  };
  return { ...scene, mesh };
}
