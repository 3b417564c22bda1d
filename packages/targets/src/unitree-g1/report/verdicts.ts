/** Kinds of motion that the bounds differ for. */
export type MotionKind = 'walk' | 'run' | 'dance' | 'jump' | 'floor';

export interface Verdict {
  readonly check: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  readonly pass: boolean;
}

interface Bounds {
  readonly fastPercent: number;
  readonly jerkRms: number;
  readonly slideCmS: number;
}

/** The best published retargeting on the same kind of motion (Unitree's own), measured: what we must not fall behind. */
const BOUNDS: Readonly<Record<MotionKind, Bounds>> = {
  walk: { fastPercent: 0, jerkRms: 270, slideCmS: 2 },
  run: { fastPercent: 0, jerkRms: 1320, slideCmS: 6 },
  dance: { fastPercent: 2, jerkRms: 1110, slideCmS: 2 },
  jump: { fastPercent: 1, jerkRms: 1060, slideCmS: 2 },
  floor: { fastPercent: 5, jerkRms: 1050, slideCmS: 2 },
};

const SEGMENT_LIMIT_DEG = { thigh: 3, shank: 3, upper_arm: 5, forearm: 4 } as const;
const COLLISION_PERCENT = 18;
const COLLISION_DEPTH_M = 0.03;
const FLOAT_PERCENT = 1;

/** What the verdicts are passed on, as percentages and SI units. */
export interface Measured {
  readonly kind: MotionKind;
  readonly limitViolationFrames: number;
  readonly velocityLimitSamples: number;
  readonly fastPercent: number;
  readonly jerkRms: number;
  readonly penetrationPercent: number;
  readonly floatPercent: number;
  readonly slideCmS: number;
  readonly collisionPercent: number;
  readonly collisionMaxM: number;
  readonly directionDeg: Readonly<Record<keyof typeof SEGMENT_LIMIT_DEG, number>> | null;
}

export function judge(m: Measured): Verdict[] {
  const bounds = BOUNDS[m.kind];
  const atMost = (check: string, value: number, limit: number, unit: string): Verdict => ({
    check,
    value,
    limit,
    unit,
    pass: value <= limit,
  });
  return [
    atMost('position_limits', m.limitViolationFrames, 0, 'frames'),
    atMost('velocity_limits', m.velocityLimitSamples, 0, 'samples'),
    atMost('joint_speed_over_15_rad_s', m.fastPercent, bounds.fastPercent, '% of frames'),
    atMost('jerk_rms', m.jerkRms, bounds.jerkRms, 'rad/s^3'),
    atMost('sole_penetration_over_1_cm', m.penetrationPercent, 0, '% of frames'),
    atMost('stance_float_over_1_cm', m.floatPercent, FLOAT_PERCENT, '% of contacts'),
    atMost('toe_slide_mean', m.slideCmS, bounds.slideCmS, 'cm/s'),
    atMost('self_collision_over_5_mm', m.collisionPercent, COLLISION_PERCENT, '% of frames'),
    atMost('self_collision_max', m.collisionMaxM, COLLISION_DEPTH_M, 'm'),
    ...(m.directionDeg === null
      ? []
      : (['thigh', 'shank', 'upper_arm', 'forearm'] as const).map((s) =>
          atMost(`direction_error_${s}`, m.directionDeg?.[s] ?? 0, SEGMENT_LIMIT_DEG[s], 'deg'),
        )),
  ];
}

const FLOOR_PELVIS_M = 0.45;
const FLIGHT_SHARE = 0.03;
const RUN_SPEED_M_S = 1.2;
const TRAVEL_SPEED_M_S = 0.25;
/** Arms that only swing stay below this. */
const SWINGING_ARM_RAD_S = 5;

/** What tells one kind of motion from another. */
export interface KindFacts {
  readonly minPelvisM: number;
  /** Share of the frames in which the robot is in the air and falls. */
  readonly flightShare: number;
  /** Length of the way of the pelvis on the floor by the time it takes. */
  readonly meanSpeedMS: number;
  /** What the fastest joint of the arms stays below in 95 % of the frames. */
  readonly armSpeedRadS: number;
}

/** Which bounds apply. A walk travels on its feet with arms that only swing; what does more on its feet counts as dance. */
export function kindOfMotion(facts: KindFacts): MotionKind {
  if (facts.minPelvisM < FLOOR_PELVIS_M) return 'floor';
  if (facts.flightShare > FLIGHT_SHARE) return facts.meanSpeedMS > RUN_SPEED_M_S ? 'run' : 'jump';
  return facts.meanSpeedMS > TRAVEL_SPEED_M_S && facts.armSpeedRadS < SWINGING_ARM_RAD_S ? 'walk' : 'dance';
}
