import { GaitwayError } from '@gaitway/motion/errors';
import { type ReadArray, readNpz } from './npz-read.ts';
import { CSV_COLUMNS, ROBOT_DOF, type RobotMotion } from './robot-motion.ts';

const MAX_FRAMES = 1_000_000;

/**
 * Motion of the G1 from an `.npz`: ours and GMR's keys (`root_pos`, `root_rot` xyzw, `dof_pos`), or `qpos` in MuJoCo's order
 * (x y z, quaternion wxyz, 29 angles). `fps` comes from the file, or is `fallbackFps` where it says none.
 */
export function readRobotMotionNpz(bytes: Uint8Array, fallbackFps: number): RobotMotion {
  const arrays = readNpz(bytes);
  const fps = rateOf(arrays.get('fps'), fallbackFps);
  if (arrays.has('root_pos') && arrays.has('root_rot') && arrays.has('dof_pos')) return fromParts(arrays, fps);
  if (arrays.has('qpos')) return fromQpos(rowsOf(arrays, 'qpos', CSV_COLUMNS), fps);
  if (arrays.has('joint_pos') && arrays.has('body_quat_w'))
    throw unreadable(
      'it is a training file (joint_pos, body_quat_w), whose joints stand in the order of its simulator; give the CSV it came from',
    );
  throw unreadable(`it needs root_pos, root_rot and dof_pos, or qpos, and has ${[...arrays.keys()].slice(0, 12).join(', ') || 'nothing'}`);
}

function rateOf(array: ReadArray | undefined, fallbackFps: number): number {
  const fps = array === undefined ? fallbackFps : Number(array.values[0]);
  if (!(fps > 0 && fps <= 1000)) throw unreadable('fps must be a number above 0 and up to 1000');
  return fps;
}

interface Rows {
  readonly count: number;
  readonly values: Float64Array;
}

function rowsOf(arrays: ReadonlyMap<string, ReadArray>, name: string, width: number): Rows {
  const { shape, values } = arrays.get(name) ?? { shape: [], values: [] };
  const [count = 0, columns = 0] = shape;
  if (shape.length !== 2 || columns !== width || !(values instanceof Float64Array))
    throw unreadable(`${name} must be frames × ${width}, and is ${shape.join(' × ') || 'no table'}`);
  if (count < 1 || count > MAX_FRAMES) throw unreadable(`${name} must have 1 to ${MAX_FRAMES} rows`);
  return { count, values };
}

function fromParts(arrays: ReadonlyMap<string, ReadArray>, fps: number): RobotMotion {
  const root = rowsOf(arrays, 'root_pos', 3);
  const rotation = rowsOf(arrays, 'root_rot', 4);
  const angles = rowsOf(arrays, 'dof_pos', ROBOT_DOF);
  if (rotation.count !== root.count || angles.count !== root.count) throw unreadable('root_pos, root_rot and dof_pos differ in length');
  return { fps, frameCount: root.count, rootM: root.values, rootQuaternion: rotation.values, angles: angles.values };
}

function fromQpos({ count, values }: Rows, fps: number): RobotMotion {
  const rootM = new Float64Array(count * 3);
  const rootQuaternion = new Float64Array(count * 4);
  const angles = new Float64Array(count * ROBOT_DOF);
  for (let f = 0; f < count; f++) {
    const row = values.subarray(f * CSV_COLUMNS, (f + 1) * CSV_COLUMNS);
    rootM.set(row.subarray(0, 3), f * 3);
    rootQuaternion.set([row[4], row[5], row[6], row[3]], f * 4);
    angles.set(row.subarray(7), f * ROBOT_DOF);
  }
  return { fps, frameCount: count, rootM, rootQuaternion, angles };
}

const unreadable = (reason: string): GaitwayError =>
  new GaitwayError('motion_unreadable', { message: `Not a motion of the G1 in an NPZ: ${reason}.` });
