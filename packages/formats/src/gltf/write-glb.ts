import type { Joint } from '@gaitway/motion/skeleton';
import { inverseRigid, restMatrices } from '../rest-matrices.ts';
import type { MotionScene, SkinnedMesh } from '../scene.ts';
import { animationOf } from './glb-animation.ts';
import { ARRAY_BUFFER, aligned, ELEMENT_ARRAY_BUFFER, GlbBuffer } from './glb-buffer.ts';

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/** A scene as binary glTF 2.0: metres, Y up, +Z forward, node i = joint i, the mesh last. Same scene, same bytes. */
export function writeGlb(scene: MotionScene): Uint8Array {
  const buffer = new GlbBuffer();
  const joints = scene.skeleton.joints;
  const nodes: object[] = joints.map((joint, j) => nodeOf(joint, childrenOf(joints, j)));
  const skinned = scene.mesh ? skinnedParts(scene, scene.mesh, buffer) : {};
  if (scene.mesh) nodes.push({ name: scene.mesh.name, mesh: 0, skin: 0 });
  const json = {
    asset: { version: '2.0', generator: 'Gaitway' },
    scene: 0,
    scenes: [{ nodes: scene.mesh ? [0, joints.length] : [0] }],
    nodes,
    ...skinned,
    animations: [animationOf(scene, buffer)],
    accessors: buffer.accessors,
    bufferViews: buffer.bufferViews,
    buffers: [{ byteLength: buffer.byteLength }],
  };
  return container(new TextEncoder().encode(JSON.stringify(json)), buffer);
}

const childrenOf = (joints: readonly Joint[], parent: number): readonly number[] =>
  joints.flatMap((joint, j) => (joint.parent === parent ? [j] : []));

const nodeOf = (joint: Joint, children: readonly number[]): object => ({
  name: joint.name,
  translation: joint.translationM,
  rotation: joint.rotation,
  ...(children.length > 0 ? { children } : {}),
});

function skinnedParts(scene: MotionScene, mesh: SkinnedMesh, buffer: GlbBuffer): object {
  const target = ARRAY_BUFFER;
  const attributes = {
    POSITION: buffer.add(mesh.positionsM, 'VEC3', { target, bounds: true }),
    NORMAL: buffer.add(mesh.normals, 'VEC3', { target }),
    JOINTS_0: buffer.add(usedJoints(mesh), 'VEC4', { target }),
    WEIGHTS_0: buffer.add(mesh.weights, 'VEC4', { target }),
  };
  const indices = buffer.add(mesh.triangles, 'SCALAR', { target: ELEMENT_ARRAY_BUFFER });
  const inverse = Float32Array.from(restMatrices(scene.skeleton, 1).flatMap((m) => [...inverseRigid(m)]));
  const skin = { joints: scene.skeleton.joints.map((_, j) => j), skeleton: 0, inverseBindMatrices: buffer.add(inverse, 'MAT4') };
  const pbrMetallicRoughness = { baseColorFactor: [...mesh.color, 1], metallicFactor: 0, roughnessFactor: 0.8 };
  return {
    meshes: [{ name: mesh.name, primitives: [{ attributes, indices, material: 0 }] }],
    skins: [skin],
    materials: [{ name: mesh.name, pbrMetallicRoughness }],
  };
}

/** glTF wants joint 0 where the weight is 0. */
const usedJoints = (mesh: SkinnedMesh): Uint16Array => mesh.joints.map((joint, i) => (mesh.weights[i] > 0 ? joint : 0));

/** Header, JSON chunk padded with spaces, binary chunk padded with zeros. */
function container(json: Uint8Array, buffer: GlbBuffer): Uint8Array {
  const jsonBytes = aligned(json.length);
  const binAt = HEADER_BYTES + CHUNK_HEADER_BYTES + jsonBytes;
  const out = new Uint8Array(binAt + CHUNK_HEADER_BYTES + buffer.byteLength);
  const view = new DataView(out.buffer);
  [MAGIC, 2, out.length, jsonBytes, JSON_CHUNK].forEach((word, i) => {
    view.setUint32(i * 4, word, true);
  });
  out.fill(0x20, HEADER_BYTES + CHUNK_HEADER_BYTES, binAt);
  out.set(json, HEADER_BYTES + CHUNK_HEADER_BYTES);
  view.setUint32(binAt, buffer.byteLength, true);
  view.setUint32(binAt + 4, BIN_CHUNK, true);
  buffer.writeTo(out, binAt + CHUNK_HEADER_BYTES);
  return out;
}
