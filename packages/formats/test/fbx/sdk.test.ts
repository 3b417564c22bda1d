import type { Clip } from '@gaitway/motion/clip';
import { jointPositions } from '@gaitway/motion/kinematics';
import { describe, expect, it } from 'vitest';
import { writeFbx } from '../../src/fbx/write-fbx.ts';
import type { FbxJoints } from '../readers/fbx-sdk.ts';
import { HAS_FBX_SDK, jointsOfFbx } from '../readers/fbx-sdk.ts';
import { sceneOf, walkingClip } from '../synthetic.ts';

describe.skipIf(!HAS_FBX_SDK)('an FBX we write, read by the Autodesk SDK', () => {
  it.each([24, 30, 60] as const)('has our joints within 1e-3 cm at %i fps', (fps) => {
    const clip = walkingClip(fps, 41);
    const read = jointsOfFbx(writeFbx(sceneOf(clip)), { fps });
    expect(read.frames.length).toBe(clip.frameCount);
    expect(largestDistanceM(clip, read, 1)).toBeLessThan(1e-5);
  });

  it('has our joints within 1e-3 cm at 120 fps, of which it shows every second frame', () => {
    const clip = walkingClip(120, 81);
    const read = jointsOfFbx(writeFbx(sceneOf(clip)), { fps: 60 });
    expect(read.frames.length).toBe(41);
    expect(largestDistanceM(clip, read, 2)).toBeLessThan(1e-5);
  });
});

/** Largest distance of a joint between the clip (every `step`-th frame) and what was read. */
function largestDistanceM(clip: Clip, read: FbxJoints, step: number): number {
  const ours = jointPositions(clip);
  const joints = clip.skeleton.joints;
  let worst = 0;
  joints.forEach(({ name }, j) => {
    const at = read.names.indexOf(name);
    expect(at, name).toBeGreaterThanOrEqual(0);
    read.frames.forEach((frame, f) => {
      const i = (f * step * joints.length + j) * 3;
      const d = Math.hypot(...frame[at].map((v, k) => v - ours[i + k]));
      // A NaN must not hide behind a maximum.
      worst = d > worst || Number.isNaN(d) ? d : worst;
    });
  });
  return worst;
}
