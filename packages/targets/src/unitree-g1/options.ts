import { GaitwayError } from '@gaitway/motion/errors';
import type { HandMode } from './frame-terms.ts';
import type { G1Variant } from './model-data.ts';
import { VARIANTS } from './model-data.ts';

export type G1Format = 'json' | 'csv' | 'npz';

export interface G1Options {
  readonly fps: 24 | 30 | 50 | 60 | 120;
  /** Seconds of transition from and back to a stance that are added before and after the clip; 0 adds nothing. */
  readonly startEndBlendSec: number;
  /** The solve keeps joints below this speed, and below their own limit. */
  readonly maxJointVelocityRadS: number;
  /** `follow` turns the wrists as the hands were seen; `neutral` keeps them straight. */
  readonly handMode: HandMode;
  /** Speed below which a foot counts as planted, m/s; null takes the contacts that the Clip holds. */
  readonly footContactThreshold: number | null;
  readonly formats: readonly G1Format[];
  readonly variant: G1Variant;
}

export const G1_DEFAULTS: G1Options = {
  fps: 30,
  startEndBlendSec: 0,
  maxJointVelocityRadS: 15,
  handMode: 'follow',
  footContactThreshold: null,
  formats: ['json', 'csv', 'npz'],
  variant: 'g1_29dof_rev_1_0',
};

const RATES = [24, 30, 50, 60, 120] as const;
const FORMATS = ['json', 'csv', 'npz'] as const;

/** Reads untrusted options; throws `option_invalid` with a sentence. */
export function parseG1Options(raw: unknown): G1Options {
  if (raw === undefined || raw === null) return G1_DEFAULTS;
  if (typeof raw !== 'object' || Array.isArray(raw)) throw invalid('targetOptions.unitree_g1 must be an object');
  const o = raw as Readonly<Record<string, unknown>>;
  return {
    fps: oneOf(o.fps, RATES, G1_DEFAULTS.fps, 'fps'),
    startEndBlendSec: numberIn(o.startEndBlendSec, 0, 5, G1_DEFAULTS.startEndBlendSec, 'startEndBlendSec'),
    maxJointVelocityRadS: numberIn(o.maxJointVelocityRadS, 1, 40, G1_DEFAULTS.maxJointVelocityRadS, 'maxJointVelocityRadS'),
    handMode: oneOf(o.handMode, ['follow', 'neutral'] as const, G1_DEFAULTS.handMode, 'handMode'),
    footContactThreshold:
      o.footContactThreshold === undefined || o.footContactThreshold === null
        ? null
        : numberIn(o.footContactThreshold, 0.01, 2, 0.15, 'footContactThreshold'),
    formats: formatsOf(o.formats),
    variant: oneOf(o.variant, Object.keys(VARIANTS) as G1Variant[], G1_DEFAULTS.variant, 'variant'),
  };
}

const invalid = (message: string): GaitwayError => new GaitwayError('option_invalid', { message: `${message}.` });

function oneOf<T extends string | number>(value: unknown, allowed: readonly T[], fallback: T, name: string): T {
  if (value === undefined) return fallback;
  const found = allowed.find((v) => v === value);
  if (found === undefined) throw invalid(`${name} must be one of ${allowed.join(', ')}`);
  return found;
}

function numberIn(value: unknown, min: number, max: number, fallback: number, name: string): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !(value >= min && value <= max)) throw invalid(`${name} must be a number from ${min} to ${max}`);
  return value;
}

/** The JSON is what the target is named after: it is always made, and comes first. */
function formatsOf(value: unknown): readonly G1Format[] {
  if (value === undefined) return G1_DEFAULTS.formats;
  if (!Array.isArray(value)) throw invalid('formats must be a list');
  const wanted = value.map((v: unknown) => oneOf(v, FORMATS, 'json', 'formats'));
  return FORMATS.filter((format) => format === 'json' || wanted.includes(format));
}
