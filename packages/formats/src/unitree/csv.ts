import { GaitwayError } from '@gaitway/motion/errors';
import { CSV_COLUMNS, ROBOT_DOF, type RobotMotion } from './robot-motion.ts';

/**
 * Unitree's 36 columns: no header, one frame a line, `x y z qx qy qz qw` and 29 angles, six decimals. This is what csv_to_npz of
 * BeyondMimic and mjlab, unitree_rl_lab and ProtoMotions read. The rate is not in the file.
 */
export function writeUnitreeCsv(motion: RobotMotion): Uint8Array {
  const lines: string[] = [];
  for (let f = 0; f < motion.frameCount; f++) {
    const row = [
      ...motion.rootM.subarray(f * 3, f * 3 + 3),
      ...motion.rootQuaternion.subarray(f * 4, f * 4 + 4),
      ...motion.angles.subarray(f * ROBOT_DOF, (f + 1) * ROBOT_DOF),
    ];
    lines.push(row.map((v) => (v + 0).toFixed(6)).join(','));
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

const MAX_BYTES = 512 * 1024 * 1024;
const MAX_FRAMES = 1_000_000;

/** Reads a 36-column CSV, ours or anybody's. Throws `motion_unreadable` with the line that is wrong. */
export function readUnitreeCsv(bytes: Uint8Array, fps: number): RobotMotion {
  if (bytes.length > MAX_BYTES) throw unreadable(`The CSV file is larger than ${MAX_BYTES} bytes.`);
  const lines = new TextDecoder('latin1').decode(bytes).split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1].trim() === '') lines.pop();
  if (lines.length === 0) throw unreadable('The CSV file is empty.');
  if (lines.length > MAX_FRAMES) throw unreadable(`The CSV file has more than ${MAX_FRAMES} lines.`);
  const motion = {
    fps,
    frameCount: lines.length,
    rootM: new Float64Array(lines.length * 3),
    rootQuaternion: new Float64Array(lines.length * 4),
    angles: new Float64Array(lines.length * ROBOT_DOF),
  };
  lines.forEach((line, f) => {
    const row = line.split(line.includes(',') ? ',' : /[\s;]+/).map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
    if (row.length !== CSV_COLUMNS) throw unreadable(`CSV line ${f + 1}: expected ${CSV_COLUMNS} columns, found ${row.length}.`);
    motion.rootM.set(row.slice(0, 3), f * 3);
    motion.rootQuaternion.set(row.slice(3, 7), f * 4);
    motion.angles.set(row.slice(7), f * ROBOT_DOF);
  });
  return motion;
}

const unreadable = (message: string): GaitwayError => new GaitwayError('motion_unreadable', { message });
