import type { Skeleton } from '@gaitway/motion/skeleton';
import { eulerXyzTrack } from '../euler.ts';
import type { FbxObjects } from './objects.ts';
import { pDouble, pEnum, pInt, pLocal, properties70 } from './properties.ts';
import type { FbxNode } from './tree.ts';
import { bool, branch, int, leaf, long, qualified, text } from './tree.ts';

/** Centimetres in a metre: FBX files are written in centimetres. */
export const CM_PER_M = 100;

/** `InheritType` RSrs: rotation and scale of the parent apply as matrices do. Readers take a missing one for another. */
const INHERIT_RS = 1;

/** Adds a model and a node attribute for every joint; returns the ids of the models, by joint. */
export function addSkeleton(built: FbxObjects, skeleton: Skeleton): readonly bigint[] {
  const ids = skeleton.joints.map(() => built.newId());
  skeleton.joints.forEach((joint, j) => {
    const [x, y, z] = eulerXyzTrack(joint.rotation, 0, 1, 4);
    const [tx, ty, tz] = joint.translationM;
    built.add(
      model(ids[j], joint.name, 'LimbNode', [
        pLocal('Lcl Translation', [tx * CM_PER_M, ty * CM_PER_M, tz * CM_PER_M]),
        pLocal('Lcl Rotation', [x[0], y[0], z[0]]),
      ]),
    );
    addLimbAttribute(built, ids[j], joint.name);
    built.connect(ids[j], joint.parent < 0 ? 0n : ids[joint.parent]);
  });
  return ids;
}

/** A scene node. `DefaultAttributeIndex` 0 keeps its attribute: without it the Autodesk SDK drops mesh and skeleton. */
export const model = (id: bigint, name: string, kind: 'LimbNode' | 'Mesh', transform: readonly FbxNode[]): FbxNode =>
  branch(
    'Model',
    [long(id), qualified(name, 'Model'), text(kind)],
    [
      leaf('Version', int(232)),
      properties70(pEnum('InheritType', INHERIT_RS), pInt('DefaultAttributeIndex', 0), ...transform),
      leaf('Shading', bool(true)),
      leaf('Culling', text('CullingOff')),
    ],
  );

function addLimbAttribute(built: FbxObjects, modelId: bigint, name: string): void {
  const id = built.newId();
  built.add(
    branch(
      'NodeAttribute',
      [long(id), qualified(name, 'NodeAttribute'), text('LimbNode')],
      [properties70(pDouble('Size', 1)), leaf('TypeFlags', text('Skeleton'))],
    ),
  );
  built.connect(id, modelId);
}
