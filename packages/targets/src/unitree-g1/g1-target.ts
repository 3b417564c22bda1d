import { createHash } from 'node:crypto';
import { writeUnitreeCsv } from '@gaitway/formats/unitree/csv';
import { rowsOf, writeRobotMotionJson } from '@gaitway/formats/unitree/json';
import { writeNpz } from '@gaitway/formats/unitree/npz';
import { CSV_COLUMNS } from '@gaitway/formats/unitree/robot-motion';
import type { Clip } from '@gaitway/motion/clip';
import { CONTACT_POINTS } from '@gaitway/motion/clip';
import type { Delivery, Target, TargetContext, TargetFile } from '../target.ts';
import { blendEnds } from './blend.ts';
import { createG1Pose, g1Forward } from './kinematics.ts';
import { G1_DOF, G1_LINKS, type G1Model, g1Model } from './model.ts';
import { type G1Options, parseG1Options } from './options.ts';
import { g1PreviewBody } from './preview.ts';
import { markCapsules } from './preview-marks.ts';
import { type G1Report, reportG1 } from './report/report.ts';
import { finished, type Retargeted, retargetToG1 } from './retarget.ts';
import { g1Clip } from './skeleton.ts';
import { SEGMENT_COUNT } from './source.ts';
import type { G1Motion } from './trajectory.ts';

/** Reference motion for the Unitree G1: `robot_motion_json`, its CSV twin and an NPZ, with a report on how far it can be trusted. */
export const unitreeG1Target: Target<G1Options> = {
  id: 'unitree_g1',
  resultType: 'robot_motion_json',
  parseOptions: parseG1Options,
  async deliver(clip: Clip, options: G1Options, context: TargetContext): Promise<Delivery> {
    const model = g1Model(options.variant);
    const retargeted = retargetToG1(model, clip, options, context);
    const body = blendEnds(model, retargeted.motion, retargeted.source.contacts, options.startEndBlendSec);
    const motion = body.leadFrames > 0 ? finished(model, body.motion) : body.motion;
    const report = judged(model, motion, body.contacts, retargeted, options, body.leadFrames);
    const delivered = g1Clip(model, motion, body.contacts);
    const trust = { leadFrames: body.leadFrames, confidence: retargeted.source.segmentConfidence };
    return {
      targetId: 'unitree_g1',
      resultType: 'robot_motion_json',
      files: filesOf(model, motion, body.contacts, retargeted, report, options, body.leadFrames),
      motion: delivered,
      leadInSec: body.leadFrames / motion.fps,
      previewBody: g1PreviewBody(delivered, markCapsules(model, motion, body.contacts, trust, report.track)),
      frameCount: motion.frameCount,
      fps: motion.fps,
      upAxis: 'Z',
      unit: 'm',
      rootMotion: 'pelvis',
      quality: qualityNumbers(report),
      warnings: warningsOf(report),
    };
  },
};

/** The report compares directions frame by frame with the source: lead-in and lead-out frames have none, so it is made without them there. */
function judged(model: G1Model, motion: G1Motion, contacts: Uint8Array, r: Retargeted, options: G1Options, leadFrames: number): G1Report {
  const known = { contacts, rootScale: r.rootScale, clippedInputs: r.clippedInputs, maxJointVelocityRadS: options.maxJointVelocityRadS };
  return reportG1(model, motion, leadFrames === 0 ? { ...known, source: r.source } : known);
}

function filesOf(
  model: G1Model,
  motion: G1Motion,
  contacts: Uint8Array,
  r: Retargeted,
  report: G1Report,
  options: G1Options,
  leadFrames: number,
): TargetFile[] {
  const csv = writeUnitreeCsv(motion);
  const extras = {
    joint_names: model.jointNames.map((name) => `${name}_joint`),
    conventions: {
      up: 'z',
      forward: 'x',
      unit: 'm',
      angle: 'rad',
      quaternion: 'xyzw',
      root: 'pelvis',
      joint_order: 'unitree_hg motor index 0..28',
      model: model.variant,
    },
    limits: {
      lower_rad: Array.from(model.lowerRad),
      upper_rad: Array.from(model.upperRad),
      velocity_rad_s: Array.from(model.velocityRadS),
      effort_nm: Array.from(model.effortNm),
      source: 'g1_29dof_rev_1_0.urdf',
    },
    joint_vel: rowsOf(jointVelocities(motion), G1_DOF),
    contacts: {
      points: CONTACT_POINTS,
      planted: Array.from({ length: motion.frameCount }, (_, f) => Array.from(contacts.subarray(f * 4, f * 4 + 4))),
    },
    confidence: confidenceRows(r, leadFrames),
    flags: {
      low_confidence_frames: report.directions?.lowConfidenceFrames ?? [],
      unreachable_frames: report.directions?.unreachableFrames ?? [],
      lead_frames: leadFrames,
    },
    retarget: {
      root_scale: r.rootScale,
      hand_mode: options.handMode,
      max_joint_velocity_rad_s: options.maxJointVelocityRadS,
      start_end_blend_sec: options.startEndBlendSec,
    },
    quality: report.summary,
    csv: { file: 'unitree_g1.csv', sha256: createHash('sha256').update(csv).digest('hex'), columns: CSV_COLUMNS },
  };
  const make: Readonly<Record<G1Options['formats'][number], () => TargetFile>> = {
    json: () => ({ name: 'unitree_g1.json', mediaType: 'application/json', bytes: writeRobotMotionJson(motion, extras) }),
    csv: () => ({ name: 'unitree_g1.csv', mediaType: 'text/csv', bytes: csv }),
    npz: () => ({ name: 'unitree_g1.npz', mediaType: 'application/zip', bytes: writeNpz(npzArrays(model, motion)) }),
  };
  return options.formats.map((format) => make[format]());
}

/** Joint speeds by central differences (one-sided at the ends), rad/s. */
function jointVelocities(motion: G1Motion): Float64Array {
  const out = new Float64Array(motion.angles.length);
  for (let f = 0; f < motion.frameCount; f++) {
    const a = Math.max(0, f - 1);
    const b = Math.min(motion.frameCount - 1, f + 1);
    if (a === b) continue;
    for (let j = 0; j < G1_DOF; j++)
      out[f * G1_DOF + j] = ((motion.angles[b * G1_DOF + j] - motion.angles[a * G1_DOF + j]) * motion.fps) / (b - a);
  }
  return out;
}

/** One number a frame: the least sure limb of the source; lead-in and lead-out frames are ours and sure. */
function confidenceRows(r: Retargeted, leadFrames: number): number[] {
  const lead = new Array<number>(leadFrames).fill(1);
  const body = Array.from({ length: r.source.frameCount }, (_, f) =>
    Number(Math.min(...r.source.segmentConfidence.subarray(f * SEGMENT_COUNT, (f + 1) * SEGMENT_COUNT)).toFixed(3)),
  );
  return [...lead, ...body, ...lead];
}

/** The keys of GMR's motion files; body positions are relative to the pelvis, in its frame. */
function npzArrays(model: G1Model, motion: G1Motion): Parameters<typeof writeNpz>[0] {
  const n = motion.frameCount;
  const bodies = new Float64Array(n * G1_LINKS * 3);
  const pose = createG1Pose();
  for (let f = 0; f < n; f++) {
    g1Forward(pose, model, [0, 0, 0], 0, [0, 0, 0, 1], 0, motion.angles, f * G1_DOF);
    bodies.set(pose.positionsM, f * G1_LINKS * 3);
  }
  return {
    fps: { kind: 'float64', shape: [1], values: Float64Array.of(motion.fps) },
    root_pos: { kind: 'float64', shape: [n, 3], values: motion.rootM },
    root_rot: { kind: 'float64', shape: [n, 4], values: motion.rootQuaternion },
    dof_pos: { kind: 'float64', shape: [n, G1_DOF], values: motion.angles },
    local_body_pos: { kind: 'float64', shape: [n, G1_LINKS, 3], values: bodies },
    link_body_list: { kind: 'text', values: model.linkNames },
  };
}

/** Numbers for the manifest; names end in their unit. */
export function qualityNumbers(report: G1Report): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = {
    checks_passed_count: report.verdicts.filter((v) => v.pass).length,
    checks_count: report.verdicts.length,
  };
  const units: Readonly<Record<string, string>> = {
    '% of frames': 'percent',
    '% of contacts': 'percent',
    'rad/s^3': 'rad_s3',
    'cm/s': 'cm_s',
  };
  for (const v of report.verdicts) numbers[`${v.check}_${units[v.unit] ?? v.unit}`] = Number(v.value.toFixed(4));
  return numbers;
}

function warningsOf(report: G1Report): string[] {
  const failed = report.verdicts
    .filter((v) => !v.pass)
    .map(
      (v) => `${v.check.replaceAll('_', ' ')}: ${Number(v.value.toFixed(3))} ${v.unit}, more than ${v.limit} (judged as ${report.kind}).`,
    );
  const { directions } = report;
  if (directions === null || directions.unreachableFrames.length === 0) return failed;
  const { segment, frame, deg } = directions.worst;
  return [
    ...failed,
    `${directions.unreachableFrames.length} frames hold a pose that the robot cannot take; worst is ${segment} in frame ${frame}, ${deg.toFixed(0)}° away.`,
  ];
}
