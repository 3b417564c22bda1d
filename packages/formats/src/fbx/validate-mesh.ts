import type { ObjectIndex } from './object-index.ts';
import { idOf, numbersOf, subclassOf } from './object-index.ts';
import type { FbxNode } from './tree.ts';
import { child, childrenNamed } from './tree.ts';

const WEIGHT_TOLERANCE = 1e-4;
/** Tolerance of matrix elements, centimetres or none. */
const MATRIX_TOLERANCE = 1e-3;

/** Problems of geometry, skins and bind poses. */
export function meshProblems(index: ObjectIndex): string[] {
  return index.objects.flatMap((object) => {
    if (object.name === 'Geometry' && subclassOf(object) === 'Mesh') return [...geometryProblems(object), ...skinProblems(index, object)];
    return object.name === 'Pose' ? poseProblems(index, object) : [];
  });
}

function geometryProblems(geometry: FbxNode): string[] {
  const coordinates = numbersOf(geometry, 'Vertices').length;
  const vertices = coordinates / 3;
  const corners = numbersOf(geometry, 'PolygonVertexIndex');
  const name = `geometry ${idOf(geometry)}`;
  const out: string[] = [];
  if (coordinates === 0 || coordinates % 3 !== 0) out.push(`${name} has ${coordinates} coordinates`);
  // The last corner of a polygon is stored as its complement.
  if (corners.some((c) => (c < 0 ? ~c : c) >= vertices)) out.push(`${name} has a corner without a vertex`);
  if (corners.length === 0 || corners[corners.length - 1] >= 0) out.push(`${name} has a polygon that does not end`);
  const normals = child(geometry, 'LayerElementNormal');
  if (normals && !elementFits(normals, vertices, corners.length)) out.push(`the normals of ${name} do not fit its mesh`);
  return out;
}

function elementFits(element: FbxNode, vertices: number, corners: number): boolean {
  const mapping = child(element, 'MappingInformationType')?.properties[0];
  const reference = child(element, 'ReferenceInformationType')?.properties[0];
  if (mapping?.type !== 'S' || reference?.type !== 'S' || reference.value !== 'Direct') return true;
  const expected = mapping.value === 'ByVertice' ? vertices : corners;
  return numbersOf(element, 'Normals').length === expected * 3;
}

/** The objects of a class connected into an object. */
const connected = (index: ObjectIndex, id: bigint, subclass: string): FbxNode[] =>
  (index.children.get(id) ?? []).flatMap((childId) => {
    const object = index.byId.get(childId);
    return object && subclassOf(object) === subclass ? [object] : [];
  });

function skinProblems(index: ObjectIndex, geometry: FbxNode): string[] {
  return connected(index, idOf(geometry), 'Skin').flatMap((skin) => {
    const clusters = connected(index, idOf(skin), 'Cluster');
    return [
      ...clusters.flatMap((cluster) => clusterProblems(index, cluster)),
      ...weightProblems(clusters, numbersOf(geometry, 'Vertices').length / 3),
      ...bindProblems(clusters),
    ];
  });
}

function clusterProblems(index: ObjectIndex, cluster: FbxNode): string[] {
  const name = `cluster ${idOf(cluster)}`;
  const out: string[] = [];
  if (numbersOf(cluster, 'Indexes').length !== numbersOf(cluster, 'Weights').length) out.push(`${name} has a vertex without a weight`);
  if (connected(index, idOf(cluster), 'LimbNode').length !== 1) out.push(`${name} does not belong to exactly one bone`);
  for (const matrix of ['Transform', 'TransformLink']) {
    if (numbersOf(cluster, matrix).length !== 16) out.push(`${name} has no ${matrix}`);
  }
  return out;
}

function weightProblems(clusters: readonly FbxNode[], vertices: number): string[] {
  const sums = new Float64Array(vertices);
  for (const cluster of clusters) {
    const weights = numbersOf(cluster, 'Weights');
    for (const [i, vertex] of numbersOf(cluster, 'Indexes').entries()) {
      if (!(vertex >= 0 && vertex < vertices)) return [`cluster ${idOf(cluster)} moves a vertex that does not exist`];
      sums[vertex] += weights[i];
    }
  }
  const wrong = sums.findIndex((s) => !(Math.abs(s - 1) < WEIGHT_TOLERANCE));
  return wrong < 0 ? [] : [`the weights of vertex ${wrong} sum to ${sums[wrong]}`];
}

/** `TransformLink · Transform` is the mesh's matrix at bind time: all clusters of a skin must agree on it. */
function bindProblems(clusters: readonly FbxNode[]): string[] {
  const meshes = clusters.map((cluster) => product(numbersOf(cluster, 'TransformLink'), numbersOf(cluster, 'Transform')));
  const odd = meshes.findIndex((m) => !m.every((v, i) => Math.abs(v - meshes[0][i]) < MATRIX_TOLERANCE));
  return odd < 0 ? [] : [`cluster ${idOf(clusters[odd])} binds another place of the mesh than the others`];
}

/** Product of column-major 4 × 4 matrices. */
const product = (a: ArrayLike<number>, b: ArrayLike<number>): readonly number[] =>
  Array.from({ length: 16 }, (_, i) => [0, 1, 2, 3].reduce((total, k) => total + a[(i % 4) + 4 * k] * b[k + 4 * Math.floor(i / 4)], 0));

function poseProblems(index: ObjectIndex, pose: FbxNode): string[] {
  const entries = childrenNamed(pose, 'PoseNode');
  const name = `pose ${idOf(pose)}`;
  const out: string[] = [];
  const count = child(pose, 'NbPoseNodes')?.properties[0];
  if (!(count?.type === 'I' && count.value === entries.length)) out.push(`${name} does not have as many nodes as it says`);
  for (const entry of entries) {
    const node = child(entry, 'Node')?.properties[0];
    if (!(node?.type === 'L' && index.byId.get(node.value)?.name === 'Model')) out.push(`${name} holds a node that is no model`);
    if (numbersOf(entry, 'Matrix').length !== 16) out.push(`${name} holds a node without a matrix`);
  }
  return out;
}
