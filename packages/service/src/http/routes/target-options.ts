/** `targetOptions` of a create: what each target may be asked for. Unknown names are no error, here as anywhere: they are named and left out. */
import { z } from 'zod';

const defaultOptions = z.looseObject({
  rootMotion: z.enum(['pelvis', 'root', 'in-place']).optional(),
  skeleton: z.enum(['ue5', 'mixamo']).optional(),
  restPose: z.enum(['a', 't']).optional(),
  proportions: z.enum(['standard', 'person']).optional(),
  formats: z
    .array(z.enum(['fbx', 'glb', 'bvh']))
    .max(3)
    .optional(),
});

const g1Options = z.looseObject({
  fps: z.union([z.literal(24), z.literal(30), z.literal(50), z.literal(60), z.literal(120)]).optional(),
  startEndBlendSec: z.number().min(0).max(5).optional(),
  maxJointVelocityRadS: z.number().min(1).max(40).optional(),
  handMode: z.enum(['follow', 'neutral']).optional(),
  formats: z
    .array(z.enum(['json', 'csv', 'npz']))
    .max(3)
    .optional(),
});

export const targetOptionsSchema = z.looseObject({ default: defaultOptions.optional(), unitree_g1: g1Options.optional() });

type Given = z.infer<typeof targetOptionsSchema>;

export interface KnownOptions {
  readonly known: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Paths of what was left out, e.g. `targetOptions.default.colour`. */
  readonly unknown: readonly string[];
}

/**
 * Known and unknown options apart; the known ones are also read as the target will read them, so that what each allows but not together
 * is refused here and not after the work. Throws `option_invalid`.
 *
 * `knownOptions({ default: { skeleton: 'ue5', colour: 1 } }) = { known: { default: { skeleton: 'ue5' } }, unknown: ['targetOptions.default.colour'] }`
 */
export async function knownOptions(given: Given): Promise<KnownOptions> {
  const shapes = { default: defaultOptions.shape, unitree_g1: g1Options.shape };
  const targets = Object.entries(shapes).filter(([target]) => given[target] !== undefined);
  const split = targets.map(([target, shape]) => {
    const fields = Object.entries(given[target] as Record<string, unknown>);
    const isKnown = ([field]: [string, unknown]): boolean => Object.hasOwn(shape, field);
    return { target, known: Object.fromEntries(fields.filter(isKnown)), rest: fields.filter((entry) => !isKnown(entry)) };
  });
  // Most creates have no options, and the server no need for what reads them.
  const { checkTargetOptions } = await import('@gaitway/pipeline/target-registry');
  for (const { target, known } of split) checkTargetOptions(target, known);
  return {
    known: Object.fromEntries(split.map(({ target, known }) => [target, known])),
    unknown: [
      ...Object.keys(given).filter((target) => !Object.hasOwn(shapes, target)),
      ...split.flatMap(({ target, rest }) => rest.map(([field]) => `${target}.${field}`)),
    ].map((path) => `targetOptions.${path}`),
  };
}
