import { GaitwayError } from '@gaitway/motion/errors';
import type { Vec3 } from '@gaitway/motion/vector';
import type { BvhHumanoid } from './humanoid.ts';
import type { BvhWorld } from './kinematics.ts';
import type { BvhMotion } from './motion.ts';

export type UpAxis = 'x' | 'y' | 'z' | '-x' | '-y' | '-z';

const UNIT: Readonly<Record<UpAxis, Vec3>> = {
  x: [1, 0, 0],
  y: [0, 1, 0],
  z: [0, 0, 1],
  '-x': [-1, 0, 0],
  '-y': [0, -1, 0],
  '-z': [0, 0, -1],
};
export const upVector = (axis: UpAxis): Vec3 => UNIT[axis];

/** The axis that points from the feet to the chest, on average over the clip. */
export function detectUpAxis(motion: BvhMotion, world: BvhWorld, body: BvhHumanoid): UpAxis {
  const joints = motion.joints.length;
  const sum: [number, number, number] = [0, 0, 0];
  for (let f = 0; f < motion.frameCount; f++) {
    for (let k = 0; k < 3; k++) {
      const at = (j: number): number => world.positions[(f * joints + j) * 3 + k];
      sum[k] += at(body.chest) - (at(body.left.foot) + at(body.right.foot)) / 2;
    }
  }
  const k = sum.reduce((best, v, i) => (Math.abs(v) > Math.abs(sum[best]) ? i : best), 0);
  return (['x', 'y', 'z', '-x', '-y', '-z'] as const)[sum[k] < 0 ? k + 3 : k];
}

/** [longest leg of the range, metres in a file unit]: leg lengths of people in the units that files are written in. */
const UNITS: readonly (readonly [number, number, string])[] = [
  [1.25, 1, 'metres'],
  [9, Number.NaN, ''],
  [20, 0.0564, "CMU's units of 5.64 cm"],
  [42, 0.0254, 'inches'],
  [125, 0.01, 'centimetres'],
  [400, Number.NaN, ''],
  [1250, 0.001, 'millimetres'],
];
const SHORTEST_LEG = 0.35;
const USUAL_LEG_M = 0.85;

/** Metres in one file unit, from the length of the legs (file units); a leg that fits no unit is taken to be 0.85 m. */
export function detectUnit(legLength: number): { metersPerUnit: number; warning: string | null } {
  if (!(legLength > 0 && Number.isFinite(legLength))) {
    throw new GaitwayError('motion_unreadable', { message: 'The legs of this BVH have no length.' });
  }
  const fits = legLength >= SHORTEST_LEG ? UNITS.find(([longest]) => legLength <= longest) : undefined;
  if (fits && !Number.isNaN(fits[1])) return { metersPerUnit: fits[1], warning: null };
  const metersPerUnit = USUAL_LEG_M / legLength;
  return {
    metersPerUnit,
    warning: `The unit of the file is unclear (a leg is ${legLength.toPrecision(3)} long); the leg was taken to be ${USUAL_LEG_M} m.`,
  };
}
