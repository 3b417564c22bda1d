import type { FloatArray } from '@gaitway/motion/quaternion';
import { normalize } from '@gaitway/motion/quaternion';
import { unrollQuaternions } from '@gaitway/motion/rotation';
import type { MotionScene } from '../scene.ts';
import type { GlbBuffer } from './glb-buffer.ts';

interface Sampler {
  readonly input: number;
  readonly output: number;
}

interface Channel {
  readonly sampler: number;
  readonly target: { readonly node: number; readonly path: 'translation' | 'rotation' };
}

/** One linear track for every joint's rotation and the moving joints' translation; a track that stands still has two keys. */
export function animationOf(scene: MotionScene, buffer: GlbBuffer): object {
  const samplers: Sampler[] = [];
  const channels: Channel[] = [];
  const { frameCount, fps } = scene;
  const every = buffer.add(
    Float32Array.from({ length: frameCount }, (_, f) => f / fps),
    'SCALAR',
    { bounds: true },
  );
  const hasEnds = frameCount > 2;
  let ends = -1;
  const endTimes = (): number => {
    if (ends < 0) ends = buffer.add(Float32Array.of(0, (frameCount - 1) / fps), 'SCALAR', { bounds: true });
    return ends;
  };
  const add = (node: number, path: 'translation' | 'rotation', values: Float32Array, width: 3 | 4): void => {
    const still = hasEnds && isStill(values, width);
    const keys = still ? Float32Array.of(...values.subarray(0, width), ...values.subarray(0, width)) : values;
    samplers.push({ input: still ? endTimes() : every, output: buffer.add(keys, width === 3 ? 'VEC3' : 'VEC4') });
    channels.push({ sampler: samplers.length - 1, target: { node, path } });
  };
  scene.skeleton.joints.forEach((_, j) => {
    const moved = scene.translationsM.get(j);
    if (moved) add(j, 'translation', moved, 3);
    add(j, 'rotation', rotationTrack(scene, j), 4);
  });
  return { name: scene.name, channels, samplers };
}

const isStill = (values: FloatArray, width: number): boolean => values.every((v, i) => v === values[i % width]);

/** Rotations of one joint, unit to the last bit, each on the side of the one before it so that players take the short way. */
function rotationTrack(scene: MotionScene, joint: number): Float32Array {
  const joints = scene.skeleton.joints.length;
  const out = new Float32Array(scene.frameCount * 4);
  for (let f = 0; f < scene.frameCount; f++) {
    const at = (f * joints + joint) * 4;
    out.set(scene.rotations.subarray(at, at + 4), f * 4);
    normalize(out, f * 4);
  }
  unrollQuaternions(out, 0, scene.frameCount, 4);
  return out;
}
