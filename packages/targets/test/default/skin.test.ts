import { writeFbx } from '@gaitway/formats/fbx/write-fbx';
import type { MotionScene } from '@gaitway/formats/scene';
import { describe, expect, it } from 'vitest';
import { glbOfFbx, HAS_FBX_SDK } from '../../../formats/test/readers/fbx-sdk.ts';
import type { Points } from '../../../formats/test/readers/skinning.ts';
import { largestDistance, nearestIndices, restVertices, skinGlb, skinScene } from '../../../formats/test/readers/skinning.ts';
import { threeFbx } from '../../../formats/test/readers/three.ts';
import { sceneOf, walkingClip } from '../../../formats/test/synthetic.ts';
import { proxyBody } from '../../src/default/proxy-body.ts';

const FPS = 30;
const FRAME = 20;
const SCENE: MotionScene = { ...sceneOf(walkingClip(FPS, 31)), mesh: proxyBody(walkingClip(FPS, 1).skeleton) };
const FBX = writeFbx(SCENE);
const OURS = skinScene(SCENE, FRAME);

/** The vertices of our own skinning that a reader's vertices stand for, found by where they are at rest. */
const oursFor = (rest: Points): Points => nearestIndices(rest, restVertices(SCENE)).map((i) => OURS[i]);

describe('the skinned body in a moving frame', () => {
  it('moves', () => {
    expect(largestDistance(OURS, restVertices(SCENE))).toBeGreaterThan(0.5);
  });

  it.skipIf(!HAS_FBX_SDK)('is where the Autodesk SDK puts it, within 1e-2 cm', () => {
    const { rest, moved } = skinGlb(glbOfFbx(FBX, FPS), FRAME);
    expect(rest.length).toBeGreaterThanOrEqual(OURS.length);
    expect(largestDistance(moved, oursFor(rest))).toBeLessThan(1e-4);
  });

  it('is where three.js puts it, within 1e-2 cm', () => {
    const { rest, moved } = threeFbx(FBX).vertices(FRAME / FPS);
    const some = rest.flatMap((_, i) => (i % 7 === 0 ? [i] : []));
    const expected = oursFor(some.map((i) => rest[i]));
    expect(
      largestDistance(
        some.map((i) => moved[i]),
        expected,
      ),
    ).toBeLessThan(1e-4);
  });
});
