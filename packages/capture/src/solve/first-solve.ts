import { throwIfAborted } from '@gaitway/motion/abort';
import type { Clip } from '@gaitway/motion/clip';
import { lowPassRotations } from '@gaitway/motion/filters';
import { HUMAN_JOINTS } from '@gaitway/motion/human';
import { jointOffsets } from '@gaitway/motion/kinematics';
import type { Skeleton } from '@gaitway/motion/skeleton';
import type { CameraVerdict } from '../camera-motion/camera-motion.ts';
import { backgroundReport, cameraWarnings } from '../camera-motion/camera-warnings.ts';
import { filmSteadily } from '../camera-motion/film-steadily.ts';
import type { Landmarks } from '../landmarks.ts';
import type { SeenVertical } from '../lens/seen-vertical.ts';
import { analyticPose, createPoseScratch } from './analytic-pose.ts';
import type { Camera } from './camera.ts';
import { inCameraAxes } from './camera-axes.ts';
import { confidenceOf } from './confidence.ts';
import { confidenceReport } from './confidence-summary.ts';
import { fuseLooks } from './fuse-looks.ts';
import { holdEnds } from './gap-frames.ts';
import { isSureOfDown, levelMotion, upFromBody } from './gravity.ts';
import { groundClip, toOrigin } from './ground.ts';
import type { Observations } from './observations.ts';
import { observe } from './observations.ts';
import { measureShape, PRIOR_HEIGHT_M, personSkeleton, reportPerson } from './person.ts';
import { repairSwaps } from './repair-swaps.ts';
import { bodyCutoffHz, smoothBody, smoothRoot } from './smoothing.ts';
import type { SolveOptions } from './solve-options.ts';
import { checkSolveOptions, SOLVE_DEFAULTS } from './solve-options.ts';
import type { Repair, SolveReport } from './solve-report.ts';
import { placeRoot } from './translation.ts';
import { bodyLines } from './uprightness.ts';
import { postureWarnings, warningsFor } from './warnings.ts';

export interface Solved {
  readonly clip: Clip;
  readonly report: SolveReport;
}

const LANDMARK_ROW = 33 * 3;

/** The analytic pose of every frame, in camera axes with y up and z towards the camera: where both solves start. */
export interface AnalyticStart {
  readonly options: SolveOptions;
  /** What the pose model reported, sides put right, in its own axes. */
  readonly looks: Observations;
  /** The same in the axes of the camera. */
  readonly seen: Observations;
  readonly repairs: readonly Repair[];
  /** `frameCount × 33 × 3`, smoothed. */
  readonly points: Float64Array;
  readonly legs: boolean;
  readonly heightM: number;
  readonly skeleton: Skeleton;
  readonly camera: Camera;
  /** How the camera moved; its turning is already taken out. Undefined where nobody looked at the background. */
  readonly verdict: CameraVerdict | undefined;
  /** Which way is down by the edges of the room, where they tell. */
  readonly room: SeenVertical | undefined;
  readonly root: Float64Array;
  readonly rotations: Float32Array;
}

export function analyticStart(landmarks: Landmarks, given: Partial<SolveOptions>): AnalyticStart {
  const options = { ...SOLVE_DEFAULTS, ...given };
  checkSolveOptions(options);
  const { landmarks: steady, verdict, camera, vertical: room } = filmSteadily(landmarks, options.cameraFovDeg);
  const { seen: looks, repairs } = bothLooks(steady, options);
  const seen = inCameraAxes(looks, camera);
  throwIfAborted(options.signal);
  const legs = options.mocapType === 'full_body';
  const heightM = options.subjectHeightM ?? PRIOR_HEIGHT_M;
  const skeleton = personSkeleton(measureShape(seen, heightM));
  const points = smoothBody(seen, options.smoothing);
  const rotations = poseAll(points, seen, legs, options);
  throwIfAborted(options.signal);
  const body = { skeleton, rotations, camera, legs, options };
  return { ...body, looks, seen, repairs, points, heightM, verdict, room, root: rootFrom(seen, body) };
}

/** Path of the pelvis, `frameCount × 3`, from where the joints of a posed body are seen in the picture. */
export function rootFrom(
  seen: Observations,
  { skeleton, rotations, camera, legs, options }: Pick<AnalyticStart, 'skeleton' | 'rotations' | 'camera' | 'legs' | 'options'>,
): Float64Array {
  const root = placeRoot(seen, skeleton, rotations, camera, legs);
  smoothRoot(root, seen.fps, options.smoothing);
  return root;
}

/** What was seen with sides put right; a second look in the mirror is put right by itself and then averaged in. */
function bothLooks(landmarks: Landmarks, { mirrored, cameraFovDeg }: SolveOptions): ReturnType<typeof repairSwaps> {
  const one = repairSwaps(observe(landmarks));
  if (!mirrored || mirrored.found.every((found) => found === 0)) return one;
  const steady = filmSteadily(mirrored, cameraFovDeg).landmarks;
  const other = repairSwaps(observe({ ...steady, nominalFps: landmarks.nominalFps }));
  return { ...one, seen: fuseLooks(one.seen, other.seen) };
}

/**
 * The solve in closed form, frame by frame: no optimisation, a few microseconds a frame. The temporal fit starts from it, and
 * the accuracy bench compares against it.
 */
export function firstSolve(landmarks: Landmarks, given: Partial<SolveOptions> = {}): Solved {
  const start = analyticStart(landmarks, given);
  const { seen, legs, skeleton, root, rotations, heightM, options } = start;
  const up = upFromBody(bodyLines(start.points, seen, legs), start.room);
  levelMotion(root, rotations, HUMAN_JOINTS.length, up);
  const clip = assemble(seen, skeleton, root, rotations, confidenceOf(seen, legs));
  return {
    clip: legs ? groundClip(clip, new Float64Array(3), heightM, options.footLock, seen.gaps) : standStill(clip),
    report: { ...reportOf(start, skeleton, start.camera, up), confidence: confidenceReport(clip) },
  };
}

function poseAll(points: Float64Array, seen: Observations, legs: boolean, options: SolveOptions): Float32Array {
  const width = HUMAN_JOINTS.length * 4;
  const rotations = new Float32Array(seen.frameCount * width);
  const scratch = createPoseScratch();
  for (let f = 0; f < seen.frameCount; f++) {
    analyticPose(rotations, f * width, points, f * LANDMARK_ROW, legs, scratch);
  }
  for (let j = 0; j < HUMAN_JOINTS.length; j++)
    lowPassRotations(rotations, j * 4, seen.frameCount, width, bodyCutoffHz(options.smoothing), seen.fps);
  return rotations;
}

export function assemble(
  seen: Observations,
  skeleton: Skeleton,
  root: Float64Array,
  rotations: Float32Array,
  confidence: Float32Array,
): Clip {
  const clip = {
    skeleton,
    fps: seen.fps,
    frameCount: seen.frameCount,
    rootTranslationM: Float32Array.from(root),
    rotations,
    contacts: new Uint8Array(seen.frameCount * 4),
    confidence,
  };
  return holdEnds(clip, seen.gaps);
}

/** Upper body: the pelvis stays at its rest height above the origin; nothing is known about the feet. */
export function standStill(clip: Clip): Clip {
  const heightM = jointOffsets(clip.skeleton)[1];
  return { ...clip, rootTranslationM: toOrigin(clip.rootTranslationM, 0).map((_, i) => (i % 3 === 1 ? heightM : 0)) };
}

/** The report of a solve that started at `start` and ended with this skeleton, camera and up. */
export function reportOf(start: AnalyticStart, skeleton: Skeleton, camera: Camera, up: Float64Array): SolveReport {
  const { seen, options, repairs, heightM, verdict } = start;
  return {
    method: 'analytic',
    // Camera axes of the report: y down, z forward.
    camera: {
      focalPx: camera.focalPx,
      focalSource: camera.source,
      focalSigma: camera.logSigma,
      moving: verdict?.motion !== undefined,
      ...(verdict && { background: backgroundReport(verdict) }),
      upInCamera: [up[0], -up[1], -up[2]],
    },
    person: reportPerson(skeleton, heightM, options.subjectHeightM !== undefined),
    repairs,
    gaps: seen.gaps,
    warnings: [
      ...warningsFor(seen, options, camera.source),
      ...postureWarnings(bodyLines(start.points, seen, start.legs).posture, start.room !== undefined && isSureOfDown(start.room)),
      ...(verdict ? cameraWarnings(verdict) : []),
    ],
  };
}
