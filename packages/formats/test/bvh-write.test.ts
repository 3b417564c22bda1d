import { jointPositions } from '@gaitway/motion/kinematics';
import { describe, expect, it } from 'vitest';
import { bvhWorld } from '../src/bvh/kinematics.ts';
import { parseBvh } from '../src/bvh/parse.ts';
import { writeBvh } from '../src/bvh-write.ts';
import { threeBvh } from './readers/three.ts';
import { sceneOf, walkingClip } from './synthetic.ts';

const FPS = 24;
const CLIP = walkingClip(FPS, 25);
const BVH = writeBvh(sceneOf(CLIP));

describe('a BVH we write', () => {
  it('holds our joints within 1e-3 cm, read by three.js', () => {
    const scene = threeBvh(BVH);
    const ours = jointPositions(CLIP);
    const joints = CLIP.skeleton.joints;
    expect(scene.durationSec).toBeCloseTo(1, 6);
    for (const f of [0, 7, 23]) {
      joints.forEach(({ name }, j) => {
        const i = (f * joints.length + j) * 3;
        expect(Math.hypot(...scene.joint(name, f / FPS).map((v, k) => v - ours[i + k])), `${name} in frame ${f}`).toBeLessThan(1e-5);
      });
    }
  });

  it('comes back through our own reader, in every frame', () => {
    const motion = parseBvh(BVH);
    const { positions } = bvhWorld(motion);
    const ours = jointPositions(CLIP);
    const joints = CLIP.skeleton.joints;
    expect(motion.frameCount).toBe(25);
    expect(motion.warnings).toEqual([]);
    const apart = joints.flatMap(({ name }, j) => {
      const at = motion.joints.findIndex((joint) => joint.name === name);
      return Array.from({ length: motion.frameCount }, (_, f) => {
        const [i, o] = [(f * motion.joints.length + at) * 3, (f * joints.length + j) * 3];
        return Math.hypot(...[0, 1, 2].map((k) => positions[i + k] / 100 - ours[o + k]));
      });
    });
    expect(apart.every((d) => d < 1e-5)).toBe(true);
  });

  it('says how many frames there are and writes as many channels as it declares', () => {
    const lines = new TextDecoder().decode(BVH).trimEnd().split('\n');
    const declared = lines
      .flatMap((line) => (line.includes('CHANNELS') ? [Number(line.trim().split(' ')[1])] : []))
      .reduce((a, b) => a + b);
    const motion = lines.slice(lines.indexOf('MOTION') + 1);
    expect(motion[0]).toBe('Frames: 25');
    expect(motion.length - 2).toBe(25);
    for (const frame of motion.slice(2)) expect(frame.split(' ').length).toBe(declared);
  });
});
