import { GaitwayError } from '@gaitway/motion/errors';
import { ROBOT_DOF, type RobotMotion, toSixDecimals } from './robot-motion.ts';

/** Our own fields after the documented ones: names in the spelling of the wire contract. */
export type RobotMotionExtras = Readonly<Record<string, unknown>>;

/**
 * `robot_motion_json`: the seven documented fields first, in their spelling and order, then ours. Numbers have six decimals and equal
 * those of the CSV twin.
 */
export function writeRobotMotionJson(motion: RobotMotion, extras: RobotMotionExtras): Uint8Array {
  const document = {
    version: 1,
    robotType: 'unitree_g1',
    fps: motion.fps,
    frameCount: motion.frameCount,
    root_pos: rowsOf(motion.rootM, 3),
    root_rot_xyzw: rowsOf(motion.rootQuaternion, 4),
    dof_pos: rowsOf(motion.angles, ROBOT_DOF),
    ...extras,
  };
  return new TextEncoder().encode(`${JSON.stringify(document)}\n`);
}

/** Rows of `width` numbers with six decimals. */
export function rowsOf(values: Float64Array, width: number): number[][] {
  const rows: number[][] = [];
  for (let i = 0; i < values.length; i += width) rows.push(Array.from(values.subarray(i, i + width), toSixDecimals));
  return rows;
}

const MAX_BYTES = 512 * 1024 * 1024;
const MAX_FRAMES = 1_000_000;

/** Reads a `robot_motion_json`, ours or anybody's with the seven documented fields. Numbers may be null (NaN) and are then reported. */
export function readRobotMotionJson(bytes: Uint8Array): RobotMotion {
  if (bytes.length > MAX_BYTES) throw unreadable(`The JSON file is larger than ${MAX_BYTES} bytes`);
  const document = parseObject(bytes);
  if (document.robotType !== undefined && document.robotType !== 'unitree_g1') throw unreadable('robotType is not unitree_g1');
  const fps = document.fps;
  if (typeof fps !== 'number' || !(fps > 0 && fps <= 1000)) throw unreadable('fps must be a number above 0 and up to 1000');
  const rows = document.root_pos;
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > MAX_FRAMES) throw unreadable(`root_pos must have 1 to ${MAX_FRAMES} rows`);
  return {
    fps,
    frameCount: rows.length,
    rootM: flatten(document.root_pos, 'root_pos', rows.length, 3),
    rootQuaternion: flatten(document.root_rot_xyzw, 'root_rot_xyzw', rows.length, 4),
    angles: flatten(document.dof_pos, 'dof_pos', rows.length, ROBOT_DOF),
  };
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new GaitwayError('motion_unreadable', { message: 'The file is not JSON.', cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable('the document must be an object');
  return value as Readonly<Record<string, unknown>>;
}

function flatten(rows: unknown, field: string, count: number, width: number): Float64Array {
  if (!Array.isArray(rows) || rows.length !== count) throw unreadable(`${field} must have ${count} rows, as many as root_pos`);
  const out = new Float64Array(count * width);
  rows.forEach((row: unknown, f) => {
    if (!Array.isArray(row) || row.length !== width) throw unreadable(`${field} row ${f} must have ${width} numbers`);
    for (let k = 0; k < width; k++) out[f * width + k] = typeof row[k] === 'number' ? row[k] : Number.NaN;
  });
  return out;
}

const unreadable = (reason: string): GaitwayError =>
  new GaitwayError('motion_unreadable', { message: `Not a robot_motion_json: ${reason}.` });
