import type { Skeleton } from '@gaitway/motion/skeleton';
import { eulerXyzTrack } from './euler.ts';
import type { MotionScene } from './scene.ts';

const CM_PER_M = 100;
/** A leaf's end is drawn this share of its own bone further on. */
const END_SHARE = 0.5;
const POSITION_DIGITS = 5;
const ANGLE_DIGITS = 6;
/** Frames whose text is built at once: long clips never become one string. */
const CHUNK_FRAMES = 512;

const ROTATION_CHANNELS = 'Zrotation Yrotation Xrotation';
const POSITION_CHANNELS = 'Xposition Yposition Zposition';

/**
 * The skeleton and motion of a scene as BVH: centimetres, Y up. The root's OFFSET is zero and its channels hold its place in
 * the world, which is the one reading that all importers share. A rest orientation cannot be written: bones show the motion,
 * with axes parallel to the world's at rest. Same scene, same bytes.
 */
export function writeBvh(scene: MotionScene): Uint8Array {
  const encoder = new TextEncoder();
  const order = depthFirst(scene.skeleton);
  const tracks = channelTracks(scene, order);
  const parts = [encoder.encode(`HIERARCHY\n${hierarchy(scene, 0, '')}MOTION\n${timing(scene)}`)];
  for (let from = 0; from < scene.frameCount; from += CHUNK_FRAMES) {
    parts.push(encoder.encode(frameLines(tracks, from, Math.min(scene.frameCount, from + CHUNK_FRAMES))));
  }
  return concatenated(parts);
}

const childrenOf = (skeleton: Skeleton, parent: number): readonly number[] =>
  skeleton.joints.flatMap((joint, j) => (joint.parent === parent ? [j] : []));

/** Joints in the order in which the hierarchy names them, which is that of the channels. */
const depthFirst = (skeleton: Skeleton, from = 0): readonly number[] => [
  from,
  ...childrenOf(skeleton, from).flatMap((c) => depthFirst(skeleton, c)),
];

const timing = (scene: MotionScene): string => `Frames: ${scene.frameCount}\nFrame Time: ${(1 / scene.fps).toFixed(10)}\n`;

/** A joint that carries its own translation; the root always does. */
const isMoving = (scene: MotionScene, joint: number): boolean => joint === 0 || scene.translationsM.has(joint);

function hierarchy(scene: MotionScene, j: number, indent: string): string {
  const joint = scene.skeleton.joints[j];
  const inner = `${indent}\t`;
  const offset = joint.parent < 0 ? [0, 0, 0] : joint.translationM;
  const channels = isMoving(scene, j) ? `6 ${POSITION_CHANNELS} ${ROTATION_CHANNELS}` : `3 ${ROTATION_CHANNELS}`;
  const children = childrenOf(scene.skeleton, j).map((c) => hierarchy(scene, c, inner));
  const end = `${inner}End Site\n${inner}{\n${inner}\tOFFSET ${offsetText(offset.map((v) => v * END_SHARE))}\n${inner}}\n`;
  return [
    `${indent}${joint.parent < 0 ? 'ROOT' : 'JOINT'} ${joint.name}\n${indent}{\n`,
    `${inner}OFFSET ${offsetText(offset)}\n${inner}CHANNELS ${channels}\n`,
    ...(children.length > 0 ? children : [end]),
    `${indent}}\n`,
  ].join('');
}

const offsetText = (offsetM: readonly number[]): string => offsetM.map((v) => (v * CM_PER_M).toFixed(POSITION_DIGITS)).join(' ');

interface Track {
  readonly values: Float64Array;
  readonly digits: number;
}

function channelTracks(scene: MotionScene, order: readonly number[]): readonly Track[] {
  const stride = scene.skeleton.joints.length * 4;
  return order.flatMap((j) => {
    const [x, y, z] = eulerXyzTrack(scene.rotations, j * 4, scene.frameCount, stride);
    const turned = [z, y, x].map((values) => ({ values, digits: ANGLE_DIGITS }));
    return isMoving(scene, j) ? [...positionTracks(scene, j), ...turned] : turned;
  });
}

function positionTracks(scene: MotionScene, j: number): readonly Track[] {
  const moved = scene.translationsM.get(j);
  const rest = scene.skeleton.joints[j].translationM;
  return [0, 1, 2].map((k) => {
    const values = Float64Array.from({ length: scene.frameCount }, (_, f) => (moved ? moved[f * 3 + k] : rest[k]) * CM_PER_M);
    return { values, digits: POSITION_DIGITS };
  });
}

function frameLines(tracks: readonly Track[], from: number, to: number): string {
  let out = '';
  for (let f = from; f < to; f++) out += `${tracks.map(({ values, digits }) => values[f].toFixed(digits)).join(' ')}\n`;
  return out;
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
