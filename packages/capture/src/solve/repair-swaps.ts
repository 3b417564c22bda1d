import { LANDMARK_COUNT, LANDMARKS } from '../landmarks.ts';
import type { Observations } from './observations.ts';
import { spansOf } from './observations.ts';
import type { Repair } from './solve-report.ts';

/**
 * Left and right put right again. The pose model sometimes exchanges the sides of the whole body (someone seen from behind) or
 * of a pair of limbs for a single frame; labels then jump across the body and back. Viterbi over {as it is, exchanged}: a jump
 * of the labels costs its length, an exchanged frame a little, so that only exchanges that make the motion continuous remain.
 */
export function repairSwaps(seen: Observations): { readonly seen: Observations; readonly repairs: readonly Repair[] } {
  const mended = { ...seen, imagePx: seen.imagePx.slice(), bodyM: seen.bodyM.slice(), visibility: seen.visibility.slice() };
  const repairs: Repair[] = [];
  for (const group of GROUPS) {
    const states = likeliestStates(mended, group);
    for (let f = 0; f < seen.frameCount; f++) if (states[f] === 1) exchange(mended, f, group);
    for (const span of spansOf(states, 1)) repairs.push({ ...span, kind: group.kind });
  }
  return { seen: mended, repairs };
}

type Pair = readonly [left: number, right: number];

interface Group {
  readonly kind: Repair['kind'];
  /** Pairs that are exchanged, and those of them whose movement tells. */
  readonly pairs: readonly Pair[];
  readonly witnesses: readonly Pair[];
  /** The model saw the body from the wrong side: its depths are reversed as well. */
  readonly reversesDepth: boolean;
  /** What a movement in depth counts for one across it. */
  readonly depthWeight: number;
  /** Where the limbs begin, on the trunk, and the joint that is a bone away from there. */
  readonly bones?: { readonly trunk: Pair; readonly limb: Pair };
}

const PAIRS: readonly Pair[] = LANDMARKS.flatMap((name, left): Pair[] =>
  name.startsWith('l_') ? [[left, LANDMARKS.indexOf(`r_${name.slice(2)}` as (typeof LANDMARKS)[number])]] : [],
);
const within = (from: number, to: number): readonly Pair[] => PAIRS.filter(([left]) => left >= from && left <= to);

/**
 * Hands and feet swing so far that a body turned round is told better without them: by shoulders, elbows, hips and knees. On 19,472
 * rendered frames of bent and hidden poses, ten a second, the exchanged arms after the repair are 191 so, 269 with all landmarks.
 */
const BODY_WITNESSES: readonly Pair[] = PAIRS.filter(([left]) => [11, 13, 23, 25].includes(left));
/** The model's depth of a limb does not always go where its labels go: 234 exchanged legs are left there, 252 with a weight of one. */
const LIMB_DEPTH_WEIGHT = 0.3;

const limbs = (kind: Repair['kind'], from: number, to: number, trunk: Pair, limb: Pair): Group => ({
  kind,
  pairs: within(from, to),
  witnesses: within(from, to),
  reversesDepth: false,
  depthWeight: LIMB_DEPTH_WEIGHT,
  bones: { trunk, limb },
});

const GROUPS: readonly Group[] = [
  { kind: 'whole_body_flip', pairs: PAIRS, witnesses: BODY_WITNESSES, reversesDepth: true, depthWeight: 1 },
  limbs('leg_swap', 25, 32, [23, 24], [25, 26]),
  limbs('arm_swap', 13, 22, [11, 12], [13, 14]),
];

/** Cost of an exchanged frame, and of a change between the states, in body sizes of label movement. */
const EXCHANGED_COST = 0.004;
const CHANGE_COST = 0.06;
/** Of a body size by which bones have the wrong length: the network's own bones vary by a few hundredths. */
const BONE_WEIGHT = 0.3;

function likeliestStates(seen: Observations, group: Group): Uint8Array {
  const count = seen.frameCount;
  const from = new Uint8Array(count * 2);
  const misfit = boneMisfit(seen, group);
  // A clip that begins or ends exchanged has changed as well, out of sight.
  let costs: readonly [number, number] = [misfit[0], misfit[1] + EXCHANGED_COST + CHANGE_COST];
  for (let f = 1; f < count; f++) {
    const same = movement(seen, f, group, false);
    const crossed = movement(seen, f, group, true) + CHANGE_COST;
    const stay = costs[0] + same <= costs[1] + crossed;
    const swap = costs[1] + same <= costs[0] + crossed;
    from[f * 2] = stay ? 0 : 1;
    from[f * 2 + 1] = swap ? 1 : 0;
    costs = [
      (stay ? costs[0] + same : costs[1] + crossed) + misfit[f * 2],
      (swap ? costs[1] + same : costs[0] + crossed) + misfit[f * 2 + 1] + EXCHANGED_COST,
    ];
  }
  const states = new Uint8Array(count);
  states[count - 1] = costs[1] + CHANGE_COST < costs[0] ? 1 : 0;
  for (let f = count - 1; f > 0; f--) states[f - 1] = from[f * 2 + states[f]];
  return states;
}

/**
 * `frameCount × 2`: how badly upper arms or thighs fit the lengths that they have most of the time, in body sizes, as labelled and
 * exchanged. Fists that pass each other quickly look like labels that jump, but an arm that is tied to the other shoulder is too long.
 */
function boneMisfit(seen: Observations, { bones }: Group): Float64Array {
  const out = new Float64Array(seen.frameCount * 2);
  if (!bones) return out;
  const { trunk, limb } = bones;
  const lengths = (t: number, l: number): Float64Array =>
    Float64Array.from({ length: seen.frameCount }, (_, f) => boneLength(seen, f, trunk[t], limb[l]));
  const own = [lengths(0, 0), lengths(1, 1)];
  const other = [lengths(0, 1), lengths(1, 0)];
  const usual = own.map(medianOf);
  for (let f = 0; f < seen.frameCount; f++) {
    const o = f * LANDMARK_COUNT;
    const weight = BONE_WEIGHT * Math.min(...[...trunk, ...limb].map((i) => seen.visibility[o + i]));
    out[f * 2] = (weight * (Math.abs(own[0][f] - usual[0]) + Math.abs(own[1][f] - usual[1]))) / 2;
    out[f * 2 + 1] = (weight * (Math.abs(other[0][f] - usual[0]) + Math.abs(other[1][f] - usual[1]))) / 2;
  }
  return out;
}

/** Distance of two landmarks in body sizes. */
function boneLength({ bodyM: m }: Observations, f: number, a: number, b: number): number {
  const o = f * LANDMARK_COUNT;
  const [i, j] = [(o + a) * 3, (o + b) * 3];
  const size = trunkSize(m, o, 3);
  return size > 0.01 ? Math.hypot(m[i] - m[j], m[i + 1] - m[j + 1], m[i + 2] - m[j + 2]) / size : 0;
}

const medianOf = (values: Float64Array): number => values.slice().sort()[values.length >> 1] ?? 0;

/**
 * Mean distance the labels move into frame f, in body sizes; with `crossed` each side is compared with the other. Limbs that pass
 * each other in the picture are far apart in depth, and stay there; limbs whose labels were exchanged jump in depth as well.
 */
function movement(seen: Observations, f: number, { witnesses, reversesDepth, depthWeight }: Group, crossed: boolean): number {
  const { imagePx: p, bodyM: m } = seen;
  const o = f * LANDMARK_COUNT;
  const sizePx = trunkSize(p, o, 2);
  const sizeM = trunkSize(m, o, 3);
  if (!(sizePx > 1)) return 0;
  const perMetre = sizeM > 0.01 ? depthWeight / sizeM : 0;
  const mirrored = crossed && reversesDepth ? -1 : 1;
  const distance = (i: number, before: number): number => {
    const j = before - LANDMARK_COUNT;
    const [x, y] = [p[i * 2] - p[j * 2], p[i * 2 + 1] - p[j * 2 + 1]];
    return Math.hypot(x / sizePx, y / sizePx, (mirrored * m[i * 3 + 2] - m[j * 3 + 2]) * perMetre);
  };
  let sum = 0;
  let weights = 0;
  for (const [left, right] of witnesses) {
    const weight = Math.min(seen.visibility[o + left], seen.visibility[o + right]) + 0.05;
    const now = crossed ? [right, left] : [left, right];
    sum += weight * (distance(o + now[0], o + left) + distance(o + now[1], o + right));
    weights += weight;
  }
  return sum / weights;
}

/** Both diagonals of the trunk between shoulders and hips, of a frame whose first landmark is `o`, in the units of `values`. */
function trunkSize(values: Float64Array, o: number, width: 2 | 3): number {
  const diagonal = (a: number, b: number): number => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += (values[(o + a) * width + k] - values[(o + b) * width + k]) ** 2;
    return Math.sqrt(sum);
  };
  return diagonal(11, 24) + diagonal(12, 23);
}

function exchange(seen: Observations, f: number, group: Group): void {
  for (const [left, right] of group.pairs) {
    const a = f * LANDMARK_COUNT + left;
    const b = f * LANDMARK_COUNT + right;
    swapRows(seen.imagePx, a, b, 2);
    swapRows(seen.bodyM, a, b, 3);
    swapRows(seen.visibility, a, b, 1);
  }
  if (!group.reversesDepth) return;
  for (let i = f * LANDMARK_COUNT; i < (f + 1) * LANDMARK_COUNT; i++) seen.bodyM[i * 3 + 2] *= -1;
}

function swapRows(values: Float64Array, a: number, b: number, width: number): void {
  for (let k = 0; k < width; k++) {
    const kept = values[a * width + k];
    values[a * width + k] = values[b * width + k];
    values[b * width + k] = kept;
  }
}
