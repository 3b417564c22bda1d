import type { MotionScene } from '@gaitway/formats/scene';
import type { Clip } from '@gaitway/motion/clip';
import { lowPass } from '@gaitway/motion/filters';
import { multiplyInverse, rotateInverse } from '@gaitway/motion/quaternion';
import { fromAxisAngle, twistAngleRad } from '@gaitway/motion/rotation';
import { splitShots } from '@gaitway/motion/shots';
import type { Skeleton } from '@gaitway/motion/skeleton';

/** What is slower than this, Hz, is travel; what is faster is the sway of the body about it. */
const TRAVEL_HZ = 1;

/** Path of the body on the floor and where it faces, per frame. */
export interface Travel {
  readonly x: Float64Array;
  readonly z: Float64Array;
  readonly headingRad: Float64Array;
}

/** The smooth path that the pelvis sways about; every shot has its own. */
export function travelOf(clip: Clip): Travel {
  const shots = splitShots(clip).map(shotTravel);
  const joined = (axis: keyof Travel): Float64Array => Float64Array.from(shots.flatMap((shot) => [...shot[axis]]));
  return { x: joined('x'), z: joined('z'), headingRad: joined('headingRad') };
}

function shotTravel(clip: Clip): Travel {
  const stride = clip.skeleton.joints.length * 4;
  const axis = (k: number): Float64Array => Float64Array.from({ length: clip.frameCount }, (_, f) => clip.rootTranslationM[f * 3 + k]);
  const headingRad = Float64Array.from({ length: clip.frameCount }, (_, f) => twistAngleRad(clip.rotations, f * stride, 0, 1, 0));
  unwrap(headingRad);
  const travel = { x: axis(0), z: axis(2), headingRad };
  for (const channel of [travel.x, travel.z, travel.headingRad]) lowPass(channel, 0, clip.frameCount, 1, TRAVEL_HZ, clip.fps);
  return travel;
}

function unwrap(angles: Float64Array): void {
  for (let f = 1; f < angles.length; f++) angles[f] += 2 * Math.PI * Math.round((angles[f - 1] - angles[f]) / (2 * Math.PI));
}

/** The motion on the spot: the path is taken out, sway and turns stay. */
export function inPlace(clip: Clip): Clip {
  const { x, z } = travelOf(clip);
  const rootTranslationM = clip.rootTranslationM.slice();
  for (let f = 0; f < clip.frameCount; f++) {
    rootTranslationM[f * 3] -= x[f];
    rootTranslationM[f * 3 + 2] -= z[f];
  }
  return { ...clip, rootTranslationM };
}

/** The skeleton with a joint `root` on the floor above its pelvis: every joint index grows by one. */
export function withRootJoint(skeleton: Skeleton): Skeleton {
  const root = { name: 'root', parent: -1, translationM: [0, 0, 0], rotation: [0, 0, 0, 1] } as const;
  return { ...skeleton, joints: [root, ...skeleton.joints.map((joint) => ({ ...joint, parent: joint.parent + 1 }))] };
}

type RootedMotion = Pick<MotionScene, 'skeleton' | 'rotations' | 'translationsM'>;

/** The motion with the joint `root` above the pelvis, standing still or following the travel. World positions are the clip's. */
export function rootedMotion(clip: Clip, follow: boolean, rest: Skeleton): RootedMotion {
  const skeleton = withRootJoint(rest);
  const rotations = shiftedRotations(clip);
  if (!follow) return { skeleton, rotations, translationsM: new Map([[1, clip.rootTranslationM]]) };
  const travel = travelOf(clip);
  const root = new Float32Array(clip.frameCount * 3);
  const pelvis = new Float32Array(clip.frameCount * 3);
  const width = skeleton.joints.length * 4;
  for (let f = 0; f < clip.frameCount; f++) {
    root[f * 3] = travel.x[f];
    root[f * 3 + 2] = travel.z[f];
    fromAxisAngle(rotations, f * width, 0, 1, 0, travel.headingRad[f]);
    for (let k = 0; k < 3; k++) pelvis[f * 3 + k] = clip.rootTranslationM[f * 3 + k] - root[f * 3 + k];
    rotateInverse(pelvis, f * 3, rotations, f * width, pelvis, f * 3);
    multiplyInverse(rotations, f * width + 4, rotations, f * width, rotations, f * width + 4);
  }
  return {
    skeleton,
    rotations,
    translationsM: new Map([
      [0, root],
      [1, pelvis],
    ]),
  };
}

/** Local rotations with an identity in front of every frame. */
function shiftedRotations(clip: Clip): Float32Array {
  const width = clip.skeleton.joints.length * 4;
  const out = new Float32Array(clip.frameCount * (width + 4));
  for (let f = 0; f < clip.frameCount; f++) {
    out[f * (width + 4) + 3] = 1;
    out.set(clip.rotations.subarray(f * width, (f + 1) * width), f * (width + 4) + 4);
  }
  return out;
}
