import { intervals } from '@gaitway/motion/contacts';
import type { SoleMotion } from './sole-motion.ts';
import { acrossRay, POINTS } from './sole-motion.ts';

/** A step lifts heel or toe by more than this, metres; heights of the fit err by less. */
const STEP_LIFTS_M = 0.02;
/** A foot that leaves its place farther than this, across the ray, did slide, metres; and a step takes no longer than this, seconds. */
const STRAYS_M = 0.2;
const STEP_SEC = 0.5;

/**
 * Who walks lifts the feet: friction holds a foot that carries anyone. Where a whole foot seems to leave its place and to come to
 * rest again nearby, but neither heel nor toe rose from the floor, it is the network that strayed (it draws the feet of a person
 * who bends down a hand's breadth off). Such gaps in `contacts` are closed in place. A foot that turns about its toe or heel is not
 * meant, and who slides over the floor goes farther.
 */
export function holdUnlifted(contacts: Uint8Array, motion: SoleMotion): void {
  const found = contacts.slice();
  for (let p = 0; p < POINTS; p++) {
    for (const [from, to] of intervals(found, p, motion.frameCount, POINTS, 0)) {
      if (!leaves(found, p ^ 1, from, to)) continue;
      const [first, end] = unsettled(found, p, from, to);
      if (end - first > STEP_SEC * motion.fps || end - first === motion.frameCount || !stays(motion, p, first, end)) continue;
      for (let f = from; f < to; f++) contacts[f * POINTS + p] = 1;
    }
  }
}

/** The frames around `[from, to)` in which heel or toe is free: a swing may be found in pieces. */
function unsettled(contacts: Uint8Array, p: number, from: number, to: number): readonly [number, number] {
  const free = (f: number): boolean => contacts[f * POINTS + p] === 0 || contacts[f * POINTS + (p ^ 1)] === 0;
  let [first, end] = [from, to];
  while (first > 0 && free(first - 1)) first--;
  while (end < contacts.length / POINTS && free(end)) end++;
  return [first, end];
}

/** Whether a point is free of the floor at some time in frames `[from, to)`. */
function leaves(contacts: Uint8Array, p: number, from: number, to: number): boolean {
  for (let f = from; f < to; f++) if (contacts[f * POINTS + p] === 0) return true;
  return false;
}

/** Whether a point that is planted before and after the frames `[from, to)`, or on one side of them, neither rose nor went far. */
function stays({ soles, eyeM, frameCount, comesOrGoes }: SoleMotion, p: number, from: number, to: number): boolean {
  const before = from > 0 ? from - 1 : to;
  const after = to < frameCount ? to : from - 1;
  const foot = p - (p % 2);
  for (let f = from; f < to; f++) {
    if (comesOrGoes[f * POINTS + p] === 1 || acrossRay(soles, eyeM, before * POINTS + p, f * POINTS + p) > STRAYS_M) return false;
    const share = before === after ? 0 : (f - before) / (after - before);
    for (const q of [foot, foot + 1]) {
      const height = (frame: number): number => soles[(frame * POINTS + q) * 3 + 1];
      if (height(f) - (1 - share) * height(before) - share * height(after) > STEP_LIFTS_M) return false;
    }
  }
  return acrossRay(soles, eyeM, before * POINTS + p, after * POINTS + p) <= STRAYS_M;
}
