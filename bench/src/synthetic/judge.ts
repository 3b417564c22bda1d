import type { Clip } from '@gaitway/motion/clip';
import { humanLegs, solePositions } from '@gaitway/motion/feet';
import { FOOT_POINTS_M } from '@gaitway/motion/human';
import { jointPositions } from '@gaitway/motion/kinematics';
import { jointIndex } from '@gaitway/motion/skeleton';
import type { Scores } from '../scores.ts';
import { score } from '../scores.ts';
import type { Tracks, Truth } from '../truth.ts';
import { scaleOf } from './puppet.ts';

const PARTS = { shoulder: 'upperarm', elbow: 'lowerarm', wrist: 'hand', hip: 'thigh', knee: 'calf', ankle: 'foot' };
const JOINTS: readonly (readonly [name: string, joint: string])[] = ['l', 'r'].flatMap((side) =>
  Object.entries(PARTS).map(([name, joint]) => [`${side}_${name}`, `${joint}_${side}`] as const),
);
const SOLES = ['l_heel', 'l_toe', 'r_heel', 'r_toe'];

/** Body joints and sole points of a clip, of a body of this height, as the scores want them. */
export function tracksOfClip(clip: Clip, heightM: number): Tracks {
  const width = clip.skeleton.joints.length * 3;
  const positions = jointPositions(clip);
  const soles = solesOf(clip, heightM);
  const points = new Map<string, Float64Array>();
  for (const [name, joint] of JOINTS) points.set(name, column(positions, width, jointIndex(clip.skeleton, joint), clip.frameCount));
  SOLES.forEach((name, p) => {
    points.set(name, column(soles, 12, p, clip.frameCount));
  });
  return { fps: clip.fps, frameCount: clip.frameCount, points };
}

function solesOf(clip: Clip, heightM: number): Float64Array {
  const s = scaleOf(heightM);
  const at = ([x, y, z]: readonly [number, number, number]): [number, number, number] => [x * s, y * s, z * s];
  return solePositions(clip, humanLegs(clip, { heel: at(FOOT_POINTS_M.heel), toe: at(FOOT_POINTS_M.toe) }));
}

const column = (values: Float64Array, width: number, index: number, frames: number): Float64Array =>
  Float64Array.from({ length: frames * 3 }, (_, i) => values[Math.floor(i / 3) * width + index * 3 + (i % 3)]);

/** A clip as ground truth. */
export function truthOf(name: string, clip: Clip, heightM: number): Truth {
  const tracks = tracksOfClip(clip, heightM);
  const joints = [...tracks.points.keys()];
  return {
    clip: name,
    fps: clip.fps,
    joints,
    contact_names: SOLES,
    subject: { height_m: heightM },
    camera: { R: [], t: [] },
    frames: Array.from({ length: clip.frameCount }, (_, f) => ({
      joints: joints.map((joint) => {
        const xyz = tracks.points.get(joint) ?? new Float64Array(0);
        return [xyz[f * 3], xyz[f * 3 + 1], xyz[f * 3 + 2]] as const;
      }),
      contact: [...clip.contacts.subarray(f * 4, f * 4 + 4)],
    })),
  };
}

export interface SyntheticScores extends Scores {
  /** Lowest sole point of the solved motion, millimetres above the floor. */
  readonly lowestSoleMm: number;
}

/** Scores a solved clip against the true one. */
export function judge(name: string, real: Clip, solved: Clip, heightM: number, solvedHeightM: number): SyntheticScores {
  const soles = solesOf(solved, solvedHeightM);
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < soles.length; i += 3) lowest = Math.min(lowest, soles[i]);
  return { ...score(truthOf(name, real, heightM), tracksOfClip(solved, solvedHeightM)), lowestSoleMm: lowest * 1000 };
}
