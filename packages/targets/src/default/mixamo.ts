import type { SkinnedMesh } from '@gaitway/formats/scene';
import { INFLUENCES } from '@gaitway/formats/scene';
import type { Clip } from '@gaitway/motion/clip';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from '@gaitway/motion/kinematics';
import { multiply, multiplyInverse, normalize, rotate } from '@gaitway/motion/quaternion';
import { fromTo } from '@gaitway/motion/rotation';
import type { Joint, Skeleton } from '@gaitway/motion/skeleton';
import { jointIndex } from '@gaitway/motion/skeleton';
import { subtract } from '@gaitway/motion/vector';
import { restPositions } from './rest-positions.ts';

/**
 * The second rest skeleton: Mixamo's names and hierarchy, three spine joints, no metacarpals. It is reached by retargeting, so
 * that shoulders, hands and feet face where they did: a joint stands at the place of one of ours and turns as one of ours;
 * where it spans several, it aims at the next one and takes its twist from the joint in the middle.
 */
interface Row {
  readonly name: string;
  readonly parent: string;
  /** Our joint at whose place it stands at rest. */
  readonly place: string;
  /** Our joint that it turns as; `place` unless it spans several. */
  readonly turn?: string;
  /** Our joint that it aims at. */
  readonly aim?: string;
}

const row = (name: string, parent: string, place: string, span: Pick<Row, 'turn' | 'aim'> = {}): Row => ({ name, parent, place, ...span });

const MIDDLE: readonly Row[] = [
  row('Hips', '', 'pelvis'),
  row('Spine', 'Hips', 'spine_01', { turn: 'spine_02', aim: 'spine_03' }),
  row('Spine1', 'Spine', 'spine_03', { turn: 'spine_04', aim: 'spine_05' }),
  row('Spine2', 'Spine1', 'spine_05'),
  row('Neck', 'Spine2', 'neck_01', { aim: 'head' }),
  row('Head', 'Neck', 'head'),
];

const FINGERS = ['thumb', 'index', 'middle', 'ring', 'pinky'] as const;
const capital = (word: string): string => word[0].toUpperCase() + word.slice(1);

const SIDE: readonly Row[] = [
  row('Shoulder', 'Spine2', 'clavicle'),
  row('Arm', 'Shoulder', 'upperarm'),
  row('ForeArm', 'Arm', 'lowerarm'),
  row('Hand', 'ForeArm', 'hand'),
  ...FINGERS.flatMap((finger) =>
    [1, 2, 3].map((n) => row(`Hand${capital(finger)}${n}`, n === 1 ? 'Hand' : `Hand${capital(finger)}${n - 1}`, `${finger}_0${n}`)),
  ),
  row('UpLeg', 'Hips', 'thigh'),
  row('Leg', 'UpLeg', 'calf'),
  row('Foot', 'Leg', 'foot'),
  row('ToeBase', 'Foot', 'ball'),
];

const ON_THE_MIDDLE = new Set(MIDDLE.map(({ name }) => name));

const sided = (side: 'Left' | 'Right'): readonly Row[] =>
  SIDE.map(({ name, parent, place }) => ({
    name: side + name,
    parent: ON_THE_MIDDLE.has(parent) ? parent : side + parent,
    place: `${place}_${side === 'Left' ? 'l' : 'r'}`,
  }));

const ROWS: readonly Row[] = [...MIDDLE, ...sided('Left'), ...sided('Right')];

const PREFIX = 'mixamorig:';

/** Indices of a row's joints in the skeleton that it follows; -1 for nothing to aim at. */
interface Follow {
  readonly place: number;
  readonly turn: number;
  readonly aim: number;
}

const followOf = (skeleton: Skeleton): readonly Follow[] =>
  ROWS.map(({ place, turn, aim }) => ({
    place: jointIndex(skeleton, place),
    turn: jointIndex(skeleton, turn ?? place),
    aim: aim === undefined ? -1 : jointIndex(skeleton, aim),
  }));

/** The Mixamo skeleton with its joints where those of `rest` are (world-aligned rest axes). */
export function mixamoSkeleton(rest: Skeleton): Skeleton {
  const places = restPositions(rest);
  const at = followOf(rest).map(({ place }) => places[place]);
  const joints = ROWS.map(({ name, parent }, j): Joint => {
    const up = ROWS.findIndex((other) => other.name === parent);
    const [x, y, z] = up < 0 ? [0, 0, 0] : at[up];
    return { name: PREFIX + name, parent: up, translationM: [at[j][0] - x, at[j][1] - y, at[j][2] - z], rotation: [0, 0, 0, 1] };
  });
  return { name: 'mixamo', joints };
}

/** The motion on the Mixamo skeleton. Hips and legs are exactly those of the clip, so planted feet stay planted. */
export function toMixamo(clip: Clip): Clip {
  const follow = followOf(clip.skeleton);
  const skeleton = mixamoSkeleton(clip.skeleton);
  const rest = Float64Array.from(restPositions(clip.skeleton).flat());
  const pose = createWorldPose(clip.skeleton);
  const [parents, offsets] = [jointParents(clip.skeleton), jointOffsets(clip.skeleton)];
  const world = new Float64Array(follow.length * 4);
  const rotations = new Float32Array(clip.frameCount * follow.length * 4);
  const scratch = { v: new Float64Array(6), q: new Float64Array(4) };
  for (let f = 0; f < clip.frameCount; f++) {
    forwardKinematics(pose, parents, offsets, clip.rootTranslationM, f * 3, clip.rotations, f * parents.length * 4);
    follow.forEach((joint, j) => {
      const at = (f * follow.length + j) * 4;
      turnAs(world, j * 4, joint, pose.rotations, pose.positionsM, rest, scratch);
      const up = skeleton.joints[j].parent;
      if (up < 0) rotations.set(world.subarray(0, 4), at);
      else multiplyInverse(rotations, at, world, up * 4, world, j * 4);
    });
  }
  return { ...clip, skeleton, rotations, confidence: followedConfidence(clip, follow) };
}

/** World rotation of one joint: that of the joint it turns as, swung so that the bone points where it should. */
function turnAs(
  world: Float64Array,
  o: number,
  { place, turn, aim }: Follow,
  rotations: Float64Array,
  positionsM: Float64Array,
  rest: Float64Array,
  { v, q }: { readonly v: Float64Array; readonly q: Float64Array },
): void {
  world.set(rotations.subarray(turn * 4, turn * 4 + 4), o);
  // Products of single-precision rotations drift from unit length, and a difference of two would carry that on.
  normalize(world, o);
  if (aim < 0) return;
  subtract(v, 0, rest, aim * 3, rest, place * 3);
  rotate(v, 0, world, o, v, 0);
  subtract(v, 3, positionsM, aim * 3, positionsM, place * 3);
  fromTo(q, 0, v, 0, v, 3);
  multiply(world, o, q, 0, world, o);
}

function followedConfidence(clip: Clip, follow: readonly Follow[]): Float32Array {
  const joints = clip.skeleton.joints.length;
  const out = new Float32Array(clip.frameCount * follow.length);
  for (let f = 0; f < clip.frameCount; f++) {
    follow.forEach(({ turn }, j) => {
      out[f * follow.length + j] = clip.confidence[f * joints + turn];
    });
  }
  return out;
}

/** The mesh bound to the Mixamo skeleton: what one of our joints moved is moved by the joint that spans it. */
export function toMixamoMesh(mesh: SkinnedMesh, skeleton: Skeleton): SkinnedMesh {
  const spans = spanningJoints(skeleton);
  const joints = new Uint16Array(mesh.joints.length);
  const weights = new Float32Array(mesh.weights.length);
  for (let v = 0; v < mesh.weights.length; v += INFLUENCES) {
    const merged = new Map<number, number>();
    for (let i = v; i < v + INFLUENCES; i++) {
      if (mesh.weights[i] > 0) merged.set(spans[mesh.joints[i]], (merged.get(spans[mesh.joints[i]]) ?? 0) + mesh.weights[i]);
    }
    [...merged].forEach(([joint, weight], i) => {
      joints[v + i] = joint;
      weights[v + i] = weight;
    });
  }
  return { ...mesh, joints, weights };
}

/** For each of our joints, the Mixamo joint at its place, or else the one that its parent belongs to. */
function spanningJoints(skeleton: Skeleton): readonly number[] {
  const out: number[] = [];
  skeleton.joints.forEach(({ name, parent }, j) => {
    const own = ROWS.findIndex(({ place }) => place === name);
    out[j] = own >= 0 ? own : out[parent];
  });
  return out;
}
