import { jointPositions } from '@gaitway/motion/kinematics';
import { validateBytes } from 'gltf-validator';
import { describe, expect, it } from 'vitest';
import { writeGlb } from '../../src/gltf/write-glb.ts';
import { glbMotion, readGlb } from '../readers/glb.ts';
import { largestDistance, skinGlb, skinScene } from '../readers/skinning.ts';
import { threeGlb } from '../readers/three.ts';
import { sceneOf, walkingClip, withTetrahedron } from '../synthetic.ts';

const CLIP = walkingClip(30, 31);
const SCENE = withTetrahedron(sceneOf(CLIP));
const GLB = writeGlb(SCENE);

describe('a GLB we write', () => {
  it.each([
    ['with a skin', GLB],
    ['without a mesh', writeGlb(sceneOf(CLIP))],
    ['of one frame', writeGlb(withTetrahedron(sceneOf(walkingClip(24, 1))))],
  ])('%s: the validator of Khronos finds no fault', async (_, bytes) => {
    const { issues } = await validateBytes(bytes);
    // Without a skin, a joint at the end of a chain is an empty node to the validator: a remark.
    expect(issues.messages.filter(({ code }) => code !== 'NODE_EMPTY')).toEqual([]);
    expect(issues.numErrors + issues.numWarnings).toBe(0);
  });

  it('holds our joints, by the specification', () => {
    const motion = glbMotion(readGlb(GLB));
    const ours = jointPositions(CLIP);
    expect(motion.timesSec.length).toBe(31);
    for (let f = 0; f < 31; f += 10) {
      const read = CLIP.skeleton.joints.map((_, j) => motion.world(j, f).slice(12, 15) as [number, number, number]);
      const expected = read.map((_, j) => {
        const i = (f * read.length + j) * 3;
        return [ours[i], ours[i + 1], ours[i + 2]] as const;
      });
      expect(largestDistance(read, expected)).toBeLessThan(1e-6);
    }
  });

  it('moves its skin as we do, read by the specification and by three.js', async () => {
    expect(largestDistance(skinGlb(readGlb(GLB), 20).moved, skinScene(SCENE, 20))).toBeLessThan(1e-6);
    const { moved } = (await threeGlb(GLB)).vertices(20 / 30);
    expect(largestDistance(moved, skinScene(SCENE, 20))).toBeLessThan(1e-5);
  });
});
