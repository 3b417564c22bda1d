import type { MotionScene } from '../scene.ts';
import { addAnimation } from './animation-objects.ts';
import { fbxDocument } from './document.ts';
import { FbxObjects } from './objects.ts';
import { addSkeleton } from './skeleton-objects.ts';
import { addSkin } from './skin-objects.ts';
import type { FbxDocument } from './tree.ts';
import { writeFbxBinary } from './write-binary.ts';

/**
 * A scene as a binary FBX 7400 file: centimetres, Y up, skeleton, skin and bind pose where there is a mesh, one take.
 * Frame rates: those of `FBX_FRAME_RATES`. Same scene, same bytes.
 */
export const writeFbx = (scene: MotionScene): Uint8Array => writeFbxBinary(fbxTree(scene));

/** The value tree of the same file. */
export function fbxTree(scene: MotionScene): FbxDocument {
  const built = new FbxObjects();
  const boneIds = addSkeleton(built, scene.skeleton);
  if (scene.mesh) addSkin(built, scene.mesh, scene.skeleton, boneIds);
  addAnimation(built, scene, boneIds);
  return fbxDocument(built, scene);
}
