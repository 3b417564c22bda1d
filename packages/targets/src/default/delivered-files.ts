import { writeBvh } from '@gaitway/formats/bvh-write';
import { writeFbx } from '@gaitway/formats/fbx/write-fbx';
import { writeGlb } from '@gaitway/formats/gltf/write-glb';
import type { MotionScene, SkinnedMesh } from '@gaitway/formats/scene';
import type { Clip } from '@gaitway/motion/clip';
import type { Skeleton } from '@gaitway/motion/skeleton';
import type { TargetFile } from '../target.ts';
import type { DefaultOptions, Format } from './options.ts';
import { rootedMotion } from './root-motion.ts';

/** What files are written from: the motion, the rest pose of its skeleton standing on the floor, and the skin bound to it. */
export interface Posed {
  readonly motion: Clip;
  readonly rest: Skeleton;
  readonly mesh: SkinnedMesh;
}

const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  fbx: 'application/octet-stream',
  glb: 'model/gltf-binary',
  bvh: 'text/plain',
};

/** Name of the take, and of the animation in every format. */
const TAKE = 'gaitway';

/** The files that were asked for, FBX first. */
export function deliveredFiles(posed: Posed, options: DefaultOptions): readonly TargetFile[] {
  return options.formats.map((format) => ({
    name: `default.${format}`,
    mediaType: MEDIA_TYPES[format],
    bytes: fileBytes(format, posed, options),
  }));
}

function fileBytes(format: Format, posed: Posed, options: DefaultOptions): Uint8Array {
  if (format === 'bvh') return writeBvh(pelvisScene(posed));
  const scene = options.skeleton === 'ue5' ? rootScene(posed, options) : pelvisScene(posed);
  return format === 'fbx' ? writeFbx(scene) : writeGlb(scene);
}

/** The pelvis on top: what Mixamo's skeleton and BVH have. */
const pelvisScene = ({ motion, rest, mesh }: Posed): MotionScene => ({
  name: TAKE,
  skeleton: rest,
  fps: motion.fps,
  frameCount: motion.frameCount,
  rotations: motion.rotations,
  translationsM: new Map([[0, motion.rootTranslationM]]),
  mesh,
});

/** A `root` on the floor above the pelvis. */
const rootScene = ({ motion, rest, mesh }: Posed, options: DefaultOptions): MotionScene => ({
  name: TAKE,
  fps: motion.fps,
  frameCount: motion.frameCount,
  ...rootedMotion(motion, options.rootMotion === 'root', rest),
  mesh: { ...mesh, joints: mesh.joints.map((joint) => joint + 1) },
});
