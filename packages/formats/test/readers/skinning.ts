import type { MotionScene } from '../../src/scene.ts';
import { INFLUENCES } from '../../src/scene.ts';
import type { Glb, Matrix } from './glb.ts';
import { glbMotion, multiplyMatrices, transformPoint } from './glb.ts';

/** Points of space, metres. */
export type Points = readonly (readonly [number, number, number])[];

function rigid([x, y, z, w]: ArrayLike<number> & Iterable<number>, t: ArrayLike<number>): Matrix {
  return [
    ...[1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y), 0],
    ...[2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x), 0],
    ...[2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y), 0],
    ...[t[0], t[1], t[2], 1],
  ];
}

const invertRigid = (m: Matrix): Matrix => {
  const t = (row: number): number => -(m[row * 4] * m[12] + m[row * 4 + 1] * m[13] + m[row * 4 + 2] * m[14]);
  return [m[0], m[4], m[8], 0, m[1], m[5], m[9], 0, m[2], m[6], m[10], 0, t(0), t(1), t(2), 1];
};

/** World matrices of the joints of a scene, at rest or in a frame. */
export function sceneWorld(scene: MotionScene, frame: number | 'rest'): readonly Matrix[] {
  const out: Matrix[] = [];
  const joints = scene.skeleton.joints;
  joints.forEach((joint, j) => {
    const track = scene.translationsM.get(j);
    const at = frame === 'rest' ? 0 : (frame * joints.length + j) * 4;
    const rotation = frame === 'rest' ? joint.rotation : scene.rotations.subarray(at, at + 4);
    const translation = frame === 'rest' || !track ? joint.translationM : track.subarray(frame * 3, frame * 3 + 3);
    const local = rigid(rotation, translation);
    out.push(joint.parent < 0 ? local : multiplyMatrices(out[joint.parent], local));
  });
  return out;
}

/** Linear blend skinning of the scene's mesh by its definition. */
export function skinScene(scene: MotionScene, frame: number): Points {
  const { mesh } = scene;
  if (!mesh) return [];
  const rest = sceneWorld(scene, 'rest');
  const moved = sceneWorld(scene, frame).map((m, j) => multiplyMatrices(m, invertRigid(rest[j])));
  return restVertices(scene).map((p, v) => {
    const influences = [0, 1, 2, 3].map((i) => ({ joint: mesh.joints[v * INFLUENCES + i], weight: mesh.weights[v * INFLUENCES + i] }));
    return blend(p, influences, moved);
  });
}

export function restVertices({ mesh }: MotionScene): Points {
  const p = mesh?.positionsM ?? new Float32Array();
  return Array.from({ length: p.length / 3 }, (_, v) => [p[v * 3], p[v * 3 + 1], p[v * 3 + 2]] as const);
}

function blend(
  p: readonly number[],
  influences: readonly { joint: number; weight: number }[],
  matrices: readonly Matrix[],
): [number, number, number] {
  const out: [number, number, number] = [0, 0, 0];
  for (const { joint, weight } of influences) {
    if (weight === 0) continue;
    const moved = transformPoint(matrices[joint], p);
    for (let k = 0; k < 3; k++) out[k] += weight * moved[k];
  }
  return out;
}

/** Vertices of the first skinned mesh of a GLB, at rest and skinned at a key: by the glTF specification. */
export function skinGlb(glb: Glb, key: number): { readonly rest: Points; readonly moved: Points } {
  const skin = glb.json.skins?.[0];
  const primitive = glb.json.meshes?.[0].primitives[0];
  if (!skin || !primitive) throw new Error('the GLB has no skin');
  const motion = glbMotion(glb);
  const inverseBind = glb.rows(skin.inverseBindMatrices);
  const matrices = skin.joints.map((node, i) => multiplyMatrices(motion.world(node, key), inverseBind[i]));
  const joints = glb.rows(primitive.attributes.JOINTS_0);
  const weights = glb.rows(primitive.attributes.WEIGHTS_0);
  const rest = glb.rows(primitive.attributes.POSITION).map(([x, y, z]) => [x, y, z] as const);
  const moved = rest.map((p, v) =>
    blend(
      p,
      joints[v].map((joint, i) => ({ joint, weight: weights[v][i] })),
      matrices,
    ),
  );
  return { rest, moved };
}

/** Index in `points` of the nearest point to each of `wanted`: readers reorder and split vertices. */
export function nearestIndices(wanted: Points, points: Points): readonly number[] {
  return wanted.map(([x, y, z]) => {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    points.forEach(([px, py, pz], i) => {
      const d = (px - x) ** 2 + (py - y) ** 2 + (pz - z) ** 2;
      if (d < least) {
        least = d;
        best = i;
      }
    });
    return best;
  });
}

/** Largest distance between points of the same index; NaN when any is. */
export function largestDistance(a: Points, b: Points): number {
  let worst = 0;
  a.forEach((p, i) => {
    const d = Math.hypot(p[0] - b[i][0], p[1] - b[i][1], p[2] - b[i][2]);
    worst = d > worst || Number.isNaN(d) ? d : worst;
  });
  return worst;
}
