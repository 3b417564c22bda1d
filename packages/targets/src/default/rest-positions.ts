import type { Skeleton } from '@gaitway/motion/skeleton';
import type { Vec3 } from '@gaitway/motion/vector';

/** World positions of the joints of a skeleton whose rest rotations are all the identity. */
export function restPositions(skeleton: Skeleton): readonly Vec3[] {
  const out: Vec3[] = [];
  for (const { parent, translationM } of skeleton.joints) {
    const up = parent < 0 ? [0, 0, 0] : out[parent];
    out.push([up[0] + translationM[0], up[1] + translationM[1], up[2] + translationM[2]]);
  }
  return out;
}
