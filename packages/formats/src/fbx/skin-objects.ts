import type { Skeleton } from '@gaitway/motion/skeleton';
import { IDENTITY_MATRIX, inverseRigid, restMatrices } from '../rest-matrices.ts';
import type { SkinnedMesh } from '../scene.ts';
import { INFLUENCES } from '../scene.ts';
import { factor } from './document.ts';
import type { FbxObjects } from './objects.ts';
import { pColor, properties70 } from './properties.ts';
import { CM_PER_M, model } from './skeleton-objects.ts';
import type { FbxNode } from './tree.ts';
import { branch, double, doubles, int, ints, leaf, long, qualified, text } from './tree.ts';

/** Adds mesh, material, skin and bind pose. The mesh node sits at the origin, so its vertices are in world coordinates. */
export function addSkin(built: FbxObjects, mesh: SkinnedMesh, skeleton: Skeleton, boneIds: readonly bigint[]): void {
  const meshId = built.newId();
  const geometryId = built.newId();
  built.add(model(meshId, mesh.name, 'Mesh', []));
  built.connect(meshId, 0n);
  built.add(geometry(geometryId, mesh));
  built.connect(geometryId, meshId);
  addMaterial(built, mesh, meshId);
  const bind = restMatrices(skeleton, CM_PER_M);
  addClusters(built, mesh, skeleton, geometryId, boneIds, bind);
  addBindPose(built, mesh.name, [meshId, ...boneIds], [IDENTITY_MATRIX, ...bind]);
}

function geometry(id: bigint, mesh: SkinnedMesh): FbxNode {
  const scaled = Float64Array.from(mesh.positionsM, (v) => v * CM_PER_M);
  // The last corner of a polygon is written as its complement.
  const corners = Int32Array.from(mesh.triangles, (vertex, i) => (i % 3 === 2 ? ~vertex : vertex));
  return branch(
    'Geometry',
    [long(id), qualified(mesh.name, 'Geometry'), text('Mesh')],
    [
      leaf('Vertices', doubles(scaled)),
      leaf('PolygonVertexIndex', ints(corners)),
      leaf('GeometryVersion', int(124)),
      layerElement('LayerElementNormal', 101, 'ByVertice', 'Direct', leaf('Normals', doubles(Float64Array.from(mesh.normals)))),
      layerElement('LayerElementMaterial', 101, 'AllSame', 'IndexToDirect', leaf('Materials', ints(Int32Array.of(0)))),
      branch('Layer', [int(0)], [leaf('Version', int(100)), inLayer('LayerElementNormal'), inLayer('LayerElementMaterial')]),
    ],
  );
}

const layerElement = (name: string, version: number, mapping: string, reference: string, data: FbxNode): FbxNode =>
  branch(
    name,
    [int(0)],
    [
      leaf('Version', int(version)),
      leaf('Name', text('')),
      leaf('MappingInformationType', text(mapping)),
      leaf('ReferenceInformationType', text(reference)),
      data,
    ],
  );

const inLayer = (type: string): FbxNode => branch('LayerElement', [], [leaf('Type', text(type)), leaf('TypedIndex', int(0))]);

function addMaterial(built: FbxObjects, mesh: SkinnedMesh, meshId: bigint): void {
  const id = built.newId();
  built.add(
    branch(
      'Material',
      [long(id), qualified(mesh.name, 'Material'), text('')],
      [
        leaf('Version', int(102)),
        leaf('ShadingModel', text('lambert')),
        leaf('MultiLayer', int(0)),
        properties70(pColor('DiffuseColor', mesh.color), factor('DiffuseFactor', 1), pColor('AmbientColor', [0, 0, 0])),
      ],
    ),
  );
  built.connect(id, meshId);
}

function addClusters(
  built: FbxObjects,
  mesh: SkinnedMesh,
  skeleton: Skeleton,
  geometryId: bigint,
  boneIds: readonly bigint[],
  bind: readonly Float64Array[],
): void {
  const skinId = built.newId();
  built.add(
    branch(
      'Deformer',
      [long(skinId), qualified(mesh.name, 'Deformer'), text('Skin')],
      [leaf('Version', int(101)), leaf('Link_DeformAcuracy', double(50)), leaf('SkinningType', text('Linear'))],
    ),
  );
  built.connect(skinId, geometryId);
  influencesByJoint(mesh, skeleton.joints.length).forEach((influences, j) => {
    const id = built.newId();
    built.add(cluster(id, skeleton.joints[j].name, influences, bind[j]));
    built.connect(id, skinId);
    built.connect(boneIds[j], id);
  });
}

interface Influences {
  readonly vertices: number[];
  readonly weights: number[];
}

/** Vertices and weights of every joint, also of those that move nothing: their cluster tells readers that they belong. */
function influencesByJoint(mesh: SkinnedMesh, joints: number): readonly Influences[] {
  const out = Array.from({ length: joints }, (): Influences => ({ vertices: [], weights: [] }));
  mesh.weights.forEach((weight, i) => {
    if (!(weight > 0)) return;
    const { vertices, weights } = out[mesh.joints[i]];
    vertices.push(Math.floor(i / INFLUENCES));
    weights.push(weight);
  });
  return out;
}

/** `Transform` takes the mesh into the frame of the bone at bind time; `TransformLink` is the bone's world matrix then. */
function cluster(id: bigint, name: string, influences: Influences, bind: Float64Array): FbxNode {
  const weighted = influences.vertices.length > 0;
  return branch(
    'Deformer',
    [long(id), qualified(name, 'SubDeformer'), text('Cluster')],
    [
      leaf('Version', int(100)),
      leaf('UserData', text(''), text('')),
      ...(weighted
        ? [leaf('Indexes', ints(Int32Array.from(influences.vertices))), leaf('Weights', doubles(Float64Array.from(influences.weights)))]
        : []),
      leaf('Transform', doubles(inverseRigid(bind))),
      leaf('TransformLink', doubles(bind)),
    ],
  );
}

function addBindPose(built: FbxObjects, name: string, nodes: readonly bigint[], matrices: readonly Float64Array[]): void {
  const id = built.newId();
  const entries = nodes.map((node, i) => branch('PoseNode', [], [leaf('Node', long(node)), leaf('Matrix', doubles(matrices[i]))]));
  built.add(
    branch(
      'Pose',
      [long(id), qualified(name, 'Pose'), text('BindPose')],
      [leaf('Type', text('BindPose')), leaf('Version', int(100)), leaf('NbPoseNodes', int(nodes.length)), ...entries],
    ),
  );
}
