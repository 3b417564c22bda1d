import { HUMAN_SKELETON_HEIGHT_M } from '@gaitway/motion/human';
import { expMap, fromAxisAngle } from '@gaitway/motion/rotation';
import { BLOCK_COUNT, BLOCKS, blockNamed, bodyJoint, bodyOffsets } from '../../src/fit/body-model.ts';
import type { BodyState } from '../../src/fit/body-state.ts';
import { createBodyPose, createState, poseBody } from '../../src/fit/body-state.ts';
import { ATTACHMENTS, markOffsets } from '../../src/fit/landmark-model.ts';
import { pointOf } from '../../src/fit/landmark-terms.ts';
import type { Landmarks } from '../../src/landmarks.ts';
import { LANDMARK_COUNT } from '../../src/landmarks.ts';
import { averageShape, personSkeleton } from '../../src/solve/person.ts';
import { normals } from './synthetic.ts';

/** A pose of the body: rotation vectors of its ball blocks and angles of its hinges, radians; what is left out is at rest. */
export interface ActedPose {
  readonly pelvis: readonly [number, number, number];
  readonly blocks: Readonly<Record<string, readonly [number, number, number] | number>>;
  /** Horizontal place of the pelvis, metres. */
  readonly xM: number;
  readonly zM: number;
  /** Height of the pelvis; left out: whatever is lowest stands on the floor. */
  readonly yM?: number;
}

export interface Scene {
  readonly durationSec: number;
  readonly fps: number;
  readonly heightM: number;
  /** Pose at a time, for a body whose bones are `size` times those of the 1.75 m skeleton. */
  readonly act: (timeSec: number, size: number) => ActedPose;
  readonly eyeM?: readonly [number, number, number];
  /** How far the camera looks down, degrees. */
  readonly pitchDeg?: number;
  readonly seed?: number;
}

export interface Acted {
  readonly landmarks: Landmarks;
  /** `frameCount × 12 × 3`: true shoulders, elbows, wrists, hips, knees, ankles, left before right, metres, Y up. */
  readonly joints: Float64Array;
  readonly frameCount: number;
}

const WIDTH = 1280;
const HEIGHT = 720;
const FOCAL = 0.7 * Math.hypot(WIDTH, HEIGHT);
const JOINTS = (['l', 'r'] as const).flatMap((s) =>
  ['upperarm', 'lowerarm', 'hand', 'thigh', 'calf', 'foot'].map((n) => bodyJoint(`${n}_${s}`)),
);
/** Height of the body that the pose model has in mind, metres. */
const MODEL_HEIGHT_M = 1.72;
const TOUCHING = ['hand_l', 'hand_r', 'foot_l', 'foot_r', 'calf_l', 'calf_r', 'head', 'pelvis'].map(bodyJoint);
/** Flesh below a joint that lies on the floor, metres of the 1.75 m body. */
const FLESH_M = 0.08;

/** What a pose model sees of a body that is moved by code, with a little noise. */
export function acted(scene: Scene): Acted {
  const { fps, heightM, eyeM = [0, 1.2, 4.5], pitchDeg = 0, seed = 1 } = scene;
  const frameCount = Math.round(scene.durationSec * fps) + 1;
  const size = heightM / HUMAN_SKELETON_HEIGHT_M;
  const offsets = bodyOffsets(personSkeleton(averageShape(heightM)));
  const state = stateOf(scene, frameCount, size, offsets);
  const marks = markOffsets(offsets, heightM);
  const next = normals(seed);
  const landmarks = blank(frameCount, fps);
  const joints = new Float64Array(frameCount * JOINTS.length * 3);
  const pose = createBodyPose();
  const toCamera = cameraOf(eyeM, pitchDeg);
  const p = new Float64Array(3);
  for (let f = 0; f < frameCount; f++) {
    poseBody(pose, state, f, offsets);
    JOINTS.forEach((j, i) => {
      joints.set(pose.positions.subarray(j * 3, j * 3 + 3), (f * JOINTS.length + i) * 3);
    });
    const world = new Float64Array(LANDMARK_COUNT * 3);
    for (const { landmark, joint } of ATTACHMENTS) {
      const o = (f * LANDMARK_COUNT + landmark) * 3;
      pointOf(p, pose, joint, marks.image, landmark * 3);
      toCamera(p);
      const depth = Math.max(0.2, -p[2]);
      landmarks.imagePx[o] = WIDTH / 2 + (FOCAL * p[0]) / depth + 2 * next();
      landmarks.imagePx[o + 1] = HEIGHT / 2 - (FOCAL * p[1]) / depth + 2 * next();
      const inside =
        landmarks.imagePx[o] > 0 && landmarks.imagePx[o] < WIDTH && landmarks.imagePx[o + 1] > 0 && landmarks.imagePx[o + 1] < HEIGHT;
      landmarks.visibility[f * LANDMARK_COUNT + landmark] = inside ? 0.96 : 0.05;
      pointOf(p, pose, joint, marks.world, landmark * 3);
      toCamera(p);
      world.set(p, landmark * 3);
    }
    for (let i = 0; i < world.length; i++) {
      const k = i % 3;
      const local = world[i] - (world[69 + k] + world[72 + k]) / 2;
      landmarks.worldM[f * world.length + i] = ((k === 0 ? 1 : -1) * local * MODEL_HEIGHT_M) / heightM + 0.015 * (k === 2 ? 2 : 1) * next();
    }
  }
  return { landmarks, joints, frameCount };
}

const blank = (frameCount: number, fps: number): Landmarks => ({
  widthPx: WIDTH,
  heightPx: HEIGHT,
  nominalFps: fps,
  frameCount,
  timesSec: Float64Array.from({ length: frameCount }, (_, f) => f / fps),
  found: new Uint8Array(frameCount).fill(1),
  imagePx: new Float32Array(frameCount * LANDMARK_COUNT * 3),
  worldM: new Float32Array(frameCount * LANDMARK_COUNT * 3),
  visibility: new Float32Array(frameCount * LANDMARK_COUNT),
  score: new Float32Array(frameCount).fill(1),
});

/** World (y up) → camera axes (x right, y up, z towards the camera), in place. */
function cameraOf(eyeM: readonly [number, number, number], pitchDeg: number): (p: Float64Array) => void {
  const [c, s] = [Math.cos((pitchDeg * Math.PI) / 180), Math.sin((pitchDeg * Math.PI) / 180)];
  return (p) => {
    const [x, y, z] = [p[0] - eyeM[0], p[1] - eyeM[1], p[2] - eyeM[2]];
    p.set([x, c * y - s * z, s * y + c * z]);
  };
}

function stateOf(scene: Scene, frameCount: number, size: number, offsets: Float64Array): BodyState {
  const state = createState(frameCount);
  const pose = createBodyPose();
  for (let f = 0; f < frameCount; f++) {
    const { pelvis, blocks, xM, yM, zM } = scene.act(f / scene.fps, size);
    for (const name of Object.keys(blocks)) if (blockNamed(name) < 0) throw new RangeError(`no block ${name}`);
    BLOCKS.forEach(({ name, axis }, b) => {
      const given = name === 'pelvis' ? pelvis : (blocks[name] ?? 0);
      const o = (f * BLOCK_COUNT + b) * 4;
      if (axis) {
        const angle = typeof given === 'number' ? given : 0;
        state.angles[f * BLOCK_COUNT + b] = angle;
        fromAxisAngle(state.turns, o, axis[0], axis[1], axis[2], angle);
      } else expMap(state.turns, o, typeof given === 'number' ? [0, 0, 0] : given, 0);
    });
    state.root.set([xM, yM ?? 0, zM], f * 3);
    if (yM !== undefined) continue;
    poseBody(pose, state, f, offsets);
    state.root[f * 3 + 1] = FLESH_M * size - Math.min(...TOUCHING.map((j) => pose.positions[j * 3 + 1]));
  }
  return state;
}
