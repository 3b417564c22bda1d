import type { Clip } from '@gaitway/motion/clip';
import { jointPositions } from '@gaitway/motion/kinematics';
import { resampleClip } from '@gaitway/motion/resample';

/** How far two solves of the same scene are apart. */
export interface Difference {
  /** Mean distance of the joints with the pelvises laid upon each other, mm. */
  readonly poseMm: number;
  /** The worst frame's mean, mm. */
  readonly worstFrameMm: number;
  /** Mean distance of the pelvises, mm, with the paths laid upon each other: both begin at the origin, however well the first frame was seen. */
  readonly pathMm: number;
}

/** Both clips at the lower of the two rates, joint by joint; the hands' fingers follow the hands and are left out. */
export function differenceOf(a: Clip, b: Clip): Difference {
  const fps = Math.min(a.fps, b.fps);
  const [p, q] = [a, b].map((clip) => resampleClip(clip, fps));
  const [at, bt] = [jointPositions(p), jointPositions(q)];
  const joints = p.skeleton.joints.length;
  const body = p.skeleton.joints.flatMap(({ name }, j) => (/^(thumb|index|middle|ring|pinky)_/.test(name) ? [] : [j]));
  const frames = Math.min(p.frameCount, q.frameCount);
  const apart = [0, 1, 2].map((k) => {
    let sum = 0;
    for (let f = 0; f < frames; f++) sum += at[f * joints * 3 + k] - bt[f * joints * 3 + k];
    return sum / frames;
  });
  let [pose, path, worst] = [0, 0, 0];
  for (let f = 0; f < frames; f++) {
    const root = f * joints * 3;
    let sum = 0;
    for (const j of body)
      sum += Math.hypot(...[0, 1, 2].map((k) => at[root + j * 3 + k] - at[root + k] - bt[root + j * 3 + k] + bt[root + k]));
    pose += sum / body.length;
    worst = Math.max(worst, sum / body.length);
    path += Math.hypot(...[0, 1, 2].map((k) => at[root + k] - bt[root + k] - apart[k]));
  }
  return { poseMm: (pose / frames) * 1000, worstFrameMm: worst * 1000, pathMm: (path / frames) * 1000 };
}
