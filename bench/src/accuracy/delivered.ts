import { fromBasis } from '@gaitway/motion/rotation';
import type { SdkFps } from '../../../packages/formats/test/readers/fbx-sdk.ts';
import { glbOfFbx } from '../../../packages/formats/test/readers/fbx-sdk.ts';
import type { Glb, GlbMotion, Matrix } from '../../../packages/formats/test/readers/glb.ts';
import { glbMotion, multiplyMatrices } from '../../../packages/formats/test/readers/glb.ts';
import type { TurnedJoints } from '../scores/rotations.ts';
import { ROTATION_PAIRS } from '../scores/rotations.ts';
import type { Tracks } from '../truth.ts';

/** Names of the delivered skeleton's joints in the truth's vocabulary; sides as `_l`/`_r`. */
const JOINTS: Readonly<Record<string, string>> = {
  shoulder: 'upperarm',
  elbow: 'lowerarm',
  wrist: 'hand',
  hip: 'thigh',
  knee: 'calf',
  ankle: 'foot',
  toe: 'ball',
};

/** A delivered FBX as the Autodesk SDK reads it: what is scored is what the user gets. */
export interface Delivered {
  readonly tracks: Tracks;
  readonly turned: TurnedJoints;
  /** Height of the lowest vertex of the feet, and of the whole skinned body, in any frame, metres: below 0 it is under the floor. */
  readonly lowestSoleM: number;
  readonly lowestVertexM: number;
}

export function readDelivered(path: string, fps: SdkFps): Delivered {
  const glb = glbOfFbx(path, fps);
  const motion = glbMotion(glb);
  const skin = skinOf(glb);
  return {
    tracks: { fps, frameCount: motion.timesSec.length, points: pointTracks(skin, motion) },
    turned: turnedJoints(skin, motion, fps),
    lowestSoleM: lowestVertex(glb, skin, motion, FOOT),
    lowestVertexM: lowestVertex(glb, skin, motion, ANY),
  };
}

/** The joints of the skin with the world pose that they were bound in. */
interface Skin {
  readonly names: readonly string[];
  readonly nodes: readonly number[];
  readonly inverseBind: readonly Matrix[];
}

function skinOf({ json, rows }: Glb): Skin {
  const skin = json.skins?.[0];
  if (!skin) throw new Error('the FBX has no skinned body');
  return { names: skin.joints.map((i) => json.nodes[i].name ?? ''), nodes: skin.joints, inverseBind: rows(skin.inverseBindMatrices) };
}

function indexOf(skin: Skin, name: string): number {
  const index = skin.names.indexOf(name);
  if (index < 0) throw new Error(`the FBX has no joint ${name}`);
  return index;
}

function pointTracks(skin: Skin, motion: GlbMotion): Map<string, Float64Array> {
  const points = new Map<string, Float64Array>();
  for (const side of ['l', 'r']) {
    for (const [name, joint] of Object.entries(JOINTS)) {
      const node = skin.nodes[indexOf(skin, `${joint}_${side}`)];
      points.set(`${side}_${name}`, Float64Array.from(motion.timesSec.flatMap((_, k) => motion.world(node, k).slice(12, 15))));
    }
  }
  return points;
}

function turnedJoints(skin: Skin, motion: GlbMotion, fps: number): TurnedJoints {
  const rotations = new Map<string, Float64Array>();
  const restM = new Map<string, readonly number[]>();
  skin.names.forEach((name, j) => {
    restM.set(name, restPosition(skin.inverseBind[j]));
  });
  for (const { own } of ROTATION_PAIRS) {
    const j = indexOf(skin, own);
    const out = new Float64Array(motion.timesSec.length * 4);
    motion.timesSec.forEach((_, k) => {
      writeRotation(out, k * 4, multiplyMatrices(motion.world(skin.nodes[j], k), skin.inverseBind[j]));
    });
    rotations.set(own, out);
  }
  return { fps, frameCount: motion.timesSec.length, rotations, restM };
}

/** Position of the joint whose inverse bind matrix this is; its axes are orthogonal and of one length. */
function restPosition(m: Matrix): number[] {
  const scale2 = m[0] * m[0] + m[1] * m[1] + m[2] * m[2];
  return [0, 1, 2].map((k) => -(m[k * 4] * m[12] + m[k * 4 + 1] * m[13] + m[k * 4 + 2] * m[14]) / scale2);
}

function writeRotation(out: Float64Array, o: number, m: Matrix): void {
  const axis = (k: number): number[] => {
    const column = m.slice(k * 4, k * 4 + 3);
    const length = Math.hypot(...column);
    return column.map((v) => v / length);
  };
  fromBasis(out, o, axis(0), 0, axis(1), 0, axis(2), 0);
}

/** Influences of a vertex in a GLB. */
const INFLUENCES = 4;
const ANY = /./;
const FOOT = /^(foot|ball)_/;

/** The lowest place in any frame of the vertices that hang most on the joints of that name. */
function lowestVertex({ json, rows }: Glb, skin: Skin, motion: GlbMotion, on: RegExp): number {
  let lowest = Number.POSITIVE_INFINITY;
  const heights = new Float64Array(skin.nodes.length * 4);
  const primitives = (json.meshes ?? []).flatMap((mesh) => mesh.primitives).filter(({ attributes }) => 'JOINTS_0' in attributes);
  for (const { attributes } of primitives) {
    const positions = Float64Array.from(rows(attributes.POSITION).flat());
    const joints = Uint16Array.from(rows(attributes.JOINTS_0).flat());
    const weights = Float64Array.from(rows(attributes.WEIGHTS_0).flat());
    const chosen = verticesOn(skin, joints, weights, on);
    motion.timesSec.forEach((_, k) => {
      heightRows(heights, skin, motion, k);
      lowest = Math.min(lowest, lowestOf(chosen, positions, joints, weights, heights));
    });
  }
  return lowest;
}

/** The row of each joint's skinning matrix that gives the height: y = r0·x + r1·y + r2·z + r3. */
function heightRows(out: Float64Array, skin: Skin, motion: GlbMotion, key: number): void {
  skin.nodes.forEach((node, j) => {
    const m = multiplyMatrices(motion.world(node, key), skin.inverseBind[j]);
    for (let c = 0; c < 4; c++) out[j * 4 + c] = m[c * 4 + 1];
  });
}

function verticesOn(skin: Skin, joints: Uint16Array, weights: Float64Array, on: RegExp): number[] {
  const strongest = (v: number): number => {
    let best = v * INFLUENCES;
    for (let i = best + 1; i < (v + 1) * INFLUENCES; i++) if (weights[i] > weights[best]) best = i;
    return joints[best];
  };
  return Array.from({ length: joints.length / INFLUENCES }, (_, v) => v).filter((v) => on.test(skin.names[strongest(v)]));
}

function lowestOf(
  vertices: readonly number[],
  positions: Float64Array,
  joints: Uint16Array,
  weights: Float64Array,
  heights: Float64Array,
): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const v of vertices) {
    let y = 0;
    for (let i = v * INFLUENCES; i < (v + 1) * INFLUENCES; i++) {
      const r = joints[i] * 4;
      y +=
        weights[i] *
        (heights[r] * positions[v * 3] + heights[r + 1] * positions[v * 3 + 1] + heights[r + 2] * positions[v * 3 + 2] + heights[r + 3]);
    }
    lowest = Math.min(lowest, y);
  }
  return lowest;
}
