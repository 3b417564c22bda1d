import type { Poser } from './poser.ts';

/** Points whose true place is written down; left ones before right ones. */
export const TRUTH_POINTS = [
  ...['hip', 'knee', 'ankle', 'heel', 'toe', 'toe_tip', 'shoulder', 'elbow', 'wrist', 'index', 'pinky', 'ear'].flatMap((name) => [
    `l_${name}`,
    `r_${name}`,
  ]),
  'chest',
  'neck',
  'head',
  'head_top',
  'nose',
] as const;

/** Bone of the rig whose head is the point. */
const JOINTS: Readonly<Record<string, string>> = {
  hip: 'upperleg01',
  knee: 'lowerleg01',
  ankle: 'foot',
  toe: 'toe2-1',
  toe_tip: 'toe1-2',
  shoulder: 'upperarm01',
  elbow: 'lowerarm01',
  wrist: 'wrist',
  index: 'finger2-1',
  pinky: 'finger5-1',
  chest: 'spine01',
  neck: 'neck01',
  head: 'head',
};
/** Bone that carries a point of the surface. */
const CARRIERS: Readonly<Record<string, string>> = { nose: 'head', head_top: 'head', ear: 'head', heel: 'foot' };

/** `points × 3`, world metres, of the pose that the poser holds. */
export function truthPoints(out: Float64Array, poser: Poser): void {
  const { rig, surfaceM } = poser.character;
  TRUTH_POINTS.forEach((name, i) => {
    const [, side, point] = /^(?:([lr])_)?(.*)$/.exec(name) ?? [];
    const suffix = side ? `.${side.toUpperCase()}` : '';
    const carrier = CARRIERS[point];
    const surface = surfaceM.get(name);
    if (carrier && surface) {
      const bone = rig.names.indexOf(carrier === 'head' ? carrier : carrier + suffix);
      poser.carried(out, i * 3, bone, surface);
    } else {
      const bone = rig.names.indexOf(JOINTS[point] + suffix);
      out.set(poser.headsM.subarray(bone * 3, bone * 3 + 3), i * 3);
    }
  });
}
