import { FOOT_POINTS_M, HUMAN_SKELETON_HEIGHT_M } from '@gaitway/motion/human';
import type { Skeleton } from '@gaitway/motion/skeleton';
import type { Camera } from '../solve/camera.ts';
import { averageShape, personSkeleton } from '../solve/person.ts';
import type { SolveOptions } from '../solve/solve-options.ts';
import { BODY_JOINTS, bodyOffsets } from './body-model.ts';
import type { BodyState } from './body-state.ts';
import type { ClipVariables } from './clip-variables.ts';
import { refineClipVariables } from './clip-variables.ts';
import type { Ground } from './contact-terms.ts';
import { motionWeights } from './motion-terms.ts';
import type { Sightings } from './sightings.ts';
import type { Effort, Problem, Workspace } from './window-solver.ts';
import { createWorkspace, solveMotion } from './window-solver.ts';

/** What the fit starts from and what is fixed while it runs. */
export interface FitStart {
  readonly seen: Sightings;
  readonly camera: Camera;
  readonly heightM: number;
  /** Analytic pose in camera axes. */
  readonly state: BodyState;
  readonly options: SolveOptions;
  readonly legs: boolean;
}

export interface Fitted {
  readonly state: BodyState;
  readonly skeleton: Skeleton;
  readonly variables: ClipVariables;
}

/** Joints of the legs: what hangs on them is left out where the legs are not asked for. */
const LEG = /^(thigh|calf|foot)_/;

/** Sightings without the points that show the legs. */
export const withoutLegs = (seen: Sightings): Sightings => ({
  ...seen,
  points: seen.points.filter(({ joint }) => !LEG.test(BODY_JOINTS[joint])),
});

const ROUGH: Effort = { iterations: 3, tolerance: 1e-3 };
const FINE: Effort = { iterations: 3, tolerance: 1e-3 };

/** Effort of each round of the camera-space pass; the clip variables are refined in between. */
const CAMERA_ROUNDS: readonly Effort[] = [ROUGH, ROUGH, FINE];
/** Rounds of the world-space pass: planted feet steady the distance, and a steady distance shows better what is planted. */
export const GROUND_ROUNDS = 3;

/** Reports frames of one round as a part of all rounds. */
const progressOf =
  (start: FitStart, round: number) =>
  (done: number): void => {
    const rounds = CAMERA_ROUNDS.length + (start.legs ? GROUND_ROUNDS : 0);
    const total = start.seen.frameCount;
    start.options.onProgress?.({ stage: 'solve', done: Math.floor(((round + done / total) / rounds) * total), total });
  };

/** Problem of the current clip variables. */
function problemOf(start: FitStart, variables: ClipVariables, ground?: Ground): Problem {
  const offsets = bodyOffsets(personSkeleton(variables.shape));
  const { smoothing, mirrored } = start.options;
  return {
    offsets,
    motion: {
      ...motionWeights(smoothing, mirrored !== undefined),
      ...(ground?.flight && { fall: { frames: ground.flight, up: ground.up } }),
    },
    scene: {
      seen: start.seen,
      camera: start.camera,
      distanceM: distances(start.state),
      marks: start.seen.marksOf(offsets, start.heightM),
      worldScale: variables.worldScale,
    },
    ...(ground ? { ground } : {}),
  };
}

/** Nothing is nearer to the camera than this, metres. */
const NEAR_M = 0.3;

const distances = (state: BodyState): Float64Array =>
  Float64Array.from({ length: state.frameCount }, (_, f) => Math.max(NEAR_M, -state.root[f * 3 + 2]));

/** Camera-space pass: motion and clip variables in turn, from the analytic start. */
export function fitInCamera(start: FitStart, w: Workspace): Fitted {
  const { state } = start;
  let variables: ClipVariables = { shape: averageShape(start.heightM), worldScale: start.seen.bodyScale(start.heightM).scale };
  CAMERA_ROUNDS.forEach((effort, round) => {
    const problem = problemOf(start, variables);
    solveMotion(problem, state, w, effort, start.options.signal, progressOf(start, round));
    if (round < CAMERA_ROUNDS.length - 1) {
      variables = refineClipVariables(variables, problem.scene, state, problem.offsets, start.heightM);
    }
  });
  return { state, skeleton: personSkeleton(variables.shape), variables };
}

/** World-space pass: the same problem with planted feet on a floor. */
export function fitOnGround(start: FitStart, fitted: Fitted, ground: Ground, round: number, w: Workspace): void {
  solveMotion(
    problemOf(start, fitted.variables, ground),
    fitted.state,
    w,
    FINE,
    start.options.signal,
    progressOf(start, CAMERA_ROUNDS.length + round),
  );
}

export const workspaceFor = (start: FitStart): Workspace => createWorkspace(start.seen.frameCount);

/** Contact points of both soles in the rest frame of the foot joints, `4 × 3`, metres. */
export function soleOffsets(heightM: number): Float64Array {
  const s = heightM / HUMAN_SKELETON_HEIGHT_M;
  const { heel, toe } = FOOT_POINTS_M;
  return Float64Array.from([heel, toe, heel, toe].flatMap(([x, y, z], p) => [(p < 2 ? x : -x) * s, y * s, z * s]));
}
