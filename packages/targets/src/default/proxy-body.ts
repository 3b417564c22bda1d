import type { SkinnedMesh } from '@gaitway/formats/scene';
import { INFLUENCES } from '@gaitway/formats/scene';
import type { Skeleton } from '@gaitway/motion/skeleton';
import { jointIndex } from '@gaitway/motion/skeleton';
import type { Vec3 } from '@gaitway/motion/vector';
import type { BodySolids } from './body/body-shape.ts';
import { bodySolids, SOLE_BELOW_ANKLE_M } from './body/body-shape.ts';
import type { RoundCone } from './body/round-cone.ts';
import { smoothUnion } from './body/round-cone.ts';
import { skinWeights } from './body/skin-weights.ts';
import { surfaceNets } from './body/surface-nets.ts';
import { bodyScale, footScale } from './proportions.ts';
import { restPositions } from './rest-positions.ts';

/** How finely a part is meshed and how far its solids melt together, metres. */
interface Detail {
  readonly cellM: number;
  readonly blendM: number;
}

const BODY_DETAIL: Detail = { cellM: 0.025, blendM: 0.018 };
const HAND_DETAIL: Detail = { cellM: 0.009, blendM: 0.0025 };

const COLOR = [0.55, 0.58, 0.62] as const;

/**
 * A light skinned body for a human skeleton in its rest pose (world-aligned axes, A-pose): a mannequin that fits the bones, so
 * that every importer has something to show and a skin to bind. Soles lie on the floor, y = 0 where the ankles stand at their
 * height above it.
 */
export function proxyBody(skeleton: Skeleton): SkinnedMesh {
  const rest = restPositions(skeleton);
  const solids = bodySolids(skeleton, rest, bodyScale(skeleton), footScale(skeleton));
  const floorY = rest[jointIndex(skeleton, 'foot_l')][1] - SOLE_BELOW_ANKLE_M * footScale(skeleton);
  const parts = partsOf(solids).map(({ cones, detail }) => meshPart(skeleton, cones, detail, floorY));
  return joinParts(parts);
}

function partsOf(solids: BodySolids): readonly { cones: readonly RoundCone[]; detail: Detail }[] {
  return [{ cones: solids.body, detail: BODY_DETAIL }, ...solids.hands.map((cones) => ({ cones, detail: HAND_DETAIL }))];
}

type Part = Pick<SkinnedMesh, 'positionsM' | 'normals' | 'triangles' | 'joints' | 'weights'>;

function meshPart(skeleton: Skeleton, cones: readonly RoundCone[], detail: Detail, floorY: number): Part {
  const field = smoothUnion(cones, detail.blendM, floorY);
  const [min, max] = bounds(cones, 2 * detail.cellM + detail.blendM * 3);
  const { positionsM, normals, triangles } = surfaceNets(field, min, max, detail.cellM);
  return { positionsM: Float32Array.from(positionsM), normals, triangles, ...skinWeights(skeleton, cones, positionsM) };
}

function bounds(cones: readonly RoundCone[], margin: number): [Vec3, Vec3] {
  const ends = cones.flatMap(({ a, b, radiusA, radiusB }) => [
    { p: a, r: radiusA },
    { p: b, r: radiusB },
  ]);
  const low = (k: number): number => Math.min(...ends.map(({ p, r }) => p[k] - r)) - margin;
  const high = (k: number): number => Math.max(...ends.map(({ p, r }) => p[k] + r)) + margin;
  return [
    [low(0), low(1), low(2)],
    [high(0), high(1), high(2)],
  ];
}

function joinParts(parts: readonly Part[]): SkinnedMesh {
  const total = (key: keyof Part): number => parts.reduce((sum, part) => sum + part[key].length, 0);
  const mesh = {
    positionsM: new Float32Array(total('positionsM')),
    normals: new Float32Array(total('normals')),
    triangles: new Uint32Array(total('triangles')),
    joints: new Uint16Array(total('joints')),
    weights: new Float32Array(total('weights')),
  };
  const used = { vertices: 0, triangles: 0 };
  for (const part of parts) {
    mesh.positionsM.set(part.positionsM, used.vertices * 3);
    mesh.normals.set(part.normals, used.vertices * 3);
    mesh.joints.set(part.joints, used.vertices * INFLUENCES);
    mesh.weights.set(part.weights, used.vertices * INFLUENCES);
    mesh.triangles.set(
      part.triangles.map((v) => v + used.vertices),
      used.triangles,
    );
    used.vertices += part.positionsM.length / 3;
    used.triangles += part.triangles.length;
  }
  return { name: 'body', color: COLOR, ...mesh };
}

/** Number of vertices of a mesh. */
export const vertexCount = (mesh: SkinnedMesh): number => mesh.weights.length / INFLUENCES;
