import type { G1Model } from '../model.ts';
import type { SourceMotion } from '../source.ts';
import type { G1Motion } from '../trajectory.ts';
import { type BodyTrack, trackBody } from './body-track.ts';
import { type DirectionReport, reportDirections } from './directions.ts';
import { DYNAMICS_CUTOFF_HZ, type DynamicsReport, reportDynamics } from './dynamics.ts';
import { contactsOfRobot, type FeetReport, reportFeet } from './feet.ts';
import { type JointReport, reportJoints } from './joints.ts';
import { reportSelfCollision, type SelfCollisionReport } from './self-collision.ts';
import { judge, kindOfMotion, type MotionKind, type Verdict } from './verdicts.ts';

/** What is known beside the motion itself; a file under inspection comes with nothing. */
export interface ReportContext {
  /** `frameCount × 4` contacts of the source; without them they are read off the robot's own soles. */
  readonly contacts?: Uint8Array;
  readonly source?: SourceMotion;
  readonly rootScale?: number;
  readonly maxJointVelocityRadS?: number;
  /** Values of the input that were not usable and were replaced. */
  readonly clippedInputs?: number;
}

export interface G1Report {
  readonly kind: MotionKind;
  readonly joints: JointReport;
  readonly feet: FeetReport;
  readonly selfCollision: SelfCollisionReport;
  readonly dynamics: DynamicsReport;
  readonly directions: DirectionReport | null;
  readonly contacts: Uint8Array;
  readonly track: BodyTrack;
  readonly verdicts: readonly Verdict[];
  /** The document that goes into files and to the screen: names in the spelling of the wire contract. */
  readonly summary: Readonly<Record<string, unknown>>;
}

const DISCLAIMERS: readonly string[] = [
  'Reviewable target data for simulation or controller validation, not hardware commands.',
  'Kinematic reference: whether a controller can follow it is for a physics simulation to say.',
];

/** Measures a motion of the robot and judges it. The motion must be finite and its quaternions of unit length. */
export function reportG1(model: G1Model, motion: G1Motion, context: ReportContext = {}): G1Report {
  const track = trackBody(model, motion);
  const contacts = context.contacts ?? contactsOfRobot(track, motion.fps);
  const joints = reportJoints(model, motion);
  const feet = reportFeet(track, contacts, motion.fps);
  const selfCollision = reportSelfCollision(track);
  const dynamics = reportDynamics(model, motion, track);
  const directions = context.source ? reportDirections(track, context.source) : null;
  const kind = classify(motion, feet, joints);
  const share = (frames: readonly number[]): number => (100 * frames.length) / motion.frameCount;
  const verdicts = judge({
    kind,
    limitViolationFrames: joints.limitViolationFrames.length,
    velocityLimitSamples: joints.velocityLimitSamples,
    fastPercent: share(joints.fastFrames),
    jerkRms: joints.jerkRmsRadS3,
    penetrationPercent: share(feet.penetration.frames),
    floatPercent: (100 * feet.stanceFloat.samples) / Math.max(1, feet.stanceFloat.stanceSamples),
    slideCmS: feet.slide.meanCmS,
    collisionPercent: share(selfCollision.frames),
    collisionMaxM: selfCollision.maxM,
    directionDeg: directions?.meanDeg ?? null,
  });
  const parts = { kind, joints, feet, selfCollision, dynamics, directions, contacts, track, verdicts };
  return { ...parts, summary: summarise(motion, parts, context) };
}

/** What kind of motion it is, by itself: the bounds go by it. */
export function kindOfG1(model: G1Model, motion: G1Motion, contacts: Uint8Array): MotionKind {
  return classify(motion, reportFeet(trackBody(model, motion), contacts, motion.fps), reportJoints(model, motion));
}

function classify(motion: G1Motion, feet: FeetReport, joints: JointReport): MotionKind {
  let path = 0;
  let minPelvisM = Number.POSITIVE_INFINITY;
  for (let f = 0; f < motion.frameCount; f++) {
    const i = f * 3;
    minPelvisM = Math.min(minPelvisM, motion.rootM[i + 2]);
    if (f > 0) path += Math.hypot(motion.rootM[i] - motion.rootM[i - 3], motion.rootM[i + 1] - motion.rootM[i - 2]);
  }
  const durationSec = Math.max(1, motion.frameCount - 1) / motion.fps;
  return kindOfMotion({
    minPelvisM,
    flightShare: feet.flightFrames / motion.frameCount,
    meanSpeedMS: path / durationSec,
    armSpeedRadS: joints.armSpeedRadS,
  });
}

type Parts = Omit<G1Report, 'summary'>;

function summarise(motion: G1Motion, r: Parts, context: ReportContext): Readonly<Record<string, unknown>> {
  const percent = (frames: readonly number[]): number => round((100 * frames.length) / motion.frameCount);
  return {
    motion_kind: r.kind,
    verdict: r.verdicts.every((v) => v.pass) ? 'pass' : 'review',
    verdicts: r.verdicts.map((v) => ({ ...v, value: round(v.value) })),
    review_frames: reviewFrames(r),
    limit_violation_frames: r.joints.limitViolationFrames.length,
    limit_margin_min: { ...r.joints.limitMarginMin, rad: round(r.joints.limitMarginMin.rad) },
    velocity_max: {
      joint: r.joints.velocityMax.joint,
      frame: r.joints.velocityMax.frame,
      rad_s: round(r.joints.velocityMax.radS),
      ratio: round(r.joints.velocityMax.ratio),
    },
    velocity_limit_samples: r.joints.velocityLimitSamples,
    frames_over_15_rad_s_pct: percent(r.joints.fastFrames),
    acc_rms: round(r.joints.accelerationRmsRadS2),
    jerk_rms: round(r.joints.jerkRmsRadS3),
    jump_frames: r.joints.jumpFrames,
    penetration: {
      frames_gt_1cm_pct: percent(r.feet.penetration.frames),
      max_m: round(r.feet.penetration.maxM),
      frame: r.feet.penetration.frame,
    },
    stance_float: {
      contacts_gt_1cm_pct: round((100 * r.feet.stanceFloat.samples) / Math.max(1, r.feet.stanceFloat.stanceSamples)),
      max_m: round(r.feet.stanceFloat.maxM),
      frame: r.feet.stanceFloat.frame,
    },
    foot_slide: {
      mean_cm_s: round(r.feet.slide.meanCmS),
      p95_cm_s: round(r.feet.slide.p95CmS),
      samples_gt_10cm_s_pct: round(r.feet.slide.fastPercent),
    },
    contact_intervals: r.feet.contactIntervals,
    contacts_from: context.contacts ? 'source' : 'robot soles',
    self_collision: {
      frames_gt_5mm_pct: percent(r.selfCollision.frames),
      without_hip_hand_pct: percent(r.selfCollision.framesWithoutHipHand),
      max_m: round(r.selfCollision.maxM),
      frame: r.selfCollision.frame,
      pairs_m: Object.fromEntries(Object.entries(r.selfCollision.pairsM).map(([pair, depth]) => [pair, round(depth)])),
    },
    direction_error_deg: r.directions ? Object.fromEntries(Object.entries(r.directions.meanDeg).map(([k, v]) => [k, round(v)])) : null,
    direction_error_worst: r.directions ? { ...r.directions.worst, deg: round(r.directions.worst.deg) } : null,
    root_scale: context.rootScale === undefined ? null : round(context.rootScale),
    cop: {
      outside_2cm_pct: round((100 * r.dynamics.outsideFrames.length) / Math.max(1, r.dynamics.loadedFrames)),
      outside_p95_m: round(r.dynamics.outsideP95M),
      friction_p95: round(r.dynamics.frictionP95),
      loaded_frames: r.dynamics.loadedFrames,
      cutoff_hz: DYNAMICS_CUTOFF_HZ,
    },
    flight_frames: r.feet.flightFrames,
    elevated_frames: r.feet.elevatedFrames,
    low_confidence_frames: r.directions?.lowConfidenceFrames.length ?? null,
    unreachable_frames: r.directions?.unreachableFrames ?? null,
    clipped_inputs: context.clippedInputs ?? 0,
    time_stretch: stretch(r.joints, context.maxJointVelocityRadS),
    disclaimers: DISCLAIMERS,
  };
}

/** How much slower the clip would have to play for the fastest joint to keep the limit; 1 where it does. */
const stretch = (joints: JointReport, limit = 15): number => round(Math.max(1, joints.velocityMax.radS / limit, joints.velocityMax.ratio));

const MAX_REVIEW = 200;

/** Frames that fail something a person can see, in order. */
function reviewFrames(r: Parts): number[] {
  const frames = new Set([
    ...r.joints.limitViolationFrames,
    ...r.joints.jumpFrames,
    ...r.joints.fastFrames,
    ...r.feet.penetration.frames,
    ...r.feet.stanceFloat.frames,
    ...r.selfCollision.frames,
    ...(r.directions?.unreachableFrames ?? []),
    ...(r.directions?.lowConfidenceFrames ?? []),
  ]);
  return [...frames].sort((a, b) => a - b).slice(0, MAX_REVIEW);
}

const round = (v: number): number => Number(v.toFixed(4)) + 0;
