import { CONTACT_POINTS } from '@gaitway/motion/clip';
import { CONTACT_DEFAULTS, detectContacts, intervals } from '@gaitway/motion/contacts';
import type { BodyTrack } from './body-track.ts';

/** A sole this far from the floor counts as in it or off it. */
export const TOLERANCE_M = 0.01;
const FLIGHT_M = 0.025;
/** A jump of 80 cm. */
const LONGEST_FLIGHT_SEC = 0.8;
export const SLIDE_FAST_CM_S = 10;

export interface FeetReport {
  readonly penetration: { readonly frames: number[]; readonly maxM: number; readonly frame: number };
  readonly stanceFloat: {
    readonly frames: number[];
    readonly stanceSamples: number;
    readonly samples: number;
    readonly maxM: number;
    readonly frame: number;
  };
  readonly slide: { readonly meanCmS: number; readonly p95CmS: number; readonly fastPercent: number; readonly samples: number };
  /** Half-open frame ranges of each contact point. */
  readonly contactIntervals: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  /** Frames in which every sole point is more than 2.5 cm above the floor, for no longer than a jump lasts. */
  readonly flightFrames: number;
  /** The same for longer: on a step, a stool or somebody's shoulders, which the file does not know. */
  readonly elevatedFrames: number;
}

/** Soles against the floor, and what planted points do. Heights are absolute: no offset is taken out. */
export function reportFeet(track: BodyTrack, contacts: Uint8Array, fps: number): FeetReport {
  const n = contacts.length / 4;
  const lowest = lowestSoles(track, n);
  return {
    penetration: penetration(lowest, n),
    stanceFloat: stanceFloat(track, contacts, n),
    slide: slides(track, contacts, n, fps),
    contactIntervals: Object.fromEntries(CONTACT_POINTS.map((name, p) => [name, intervals(contacts, p, n, 4)])),
    ...offTheFloor(lowest, fps),
  };
}

function offTheFloor(lowest: Float64Array, fps: number): Pick<FeetReport, 'flightFrames' | 'elevatedFrames'> {
  const isUp = Uint8Array.from(lowest, (z) => (z > FLIGHT_M ? 1 : 0));
  let flightFrames = 0;
  let elevatedFrames = 0;
  for (const [from, to] of intervals(isUp, 0, isUp.length, 1)) {
    if (to - from <= LONGEST_FLIGHT_SEC * fps) flightFrames += to - from;
    else elevatedFrames += to - from;
  }
  return { flightFrames, elevatedFrames };
}

function lowestSoles(track: BodyTrack, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, f) => {
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < 8; k++) least = Math.min(least, track.solesM[(f * 8 + k) * 3 + 2]);
    return least;
  });
}

function penetration(lowest: Float64Array, n: number): FeetReport['penetration'] {
  const frames: number[] = [];
  let frame = 0;
  for (let f = 0; f < n; f++) {
    if (lowest[f] < -TOLERANCE_M) frames.push(f);
    if (lowest[f] < lowest[frame]) frame = f;
  }
  return { frames, maxM: Math.max(0, -lowest[frame]), frame };
}

function stanceFloat(track: BodyTrack, contacts: Uint8Array, n: number): FeetReport['stanceFloat'] {
  const frames = new Set<number>();
  let samples = 0;
  let stanceSamples = 0;
  let maxM = 0;
  let frame = 0;
  for (let f = 0; f < n; f++) {
    for (let p = 0; p < 4; p++) {
      if (!contacts[f * 4 + p]) continue;
      stanceSamples++;
      const z = pairHeight(track, f, p);
      if (z > TOLERANCE_M) {
        frames.add(f);
        samples++;
      }
      if (z > maxM) {
        maxM = z;
        frame = f;
      }
    }
  }
  return { frames: [...frames], stanceSamples, samples, maxM, frame };
}

/** Height of the lower of the two sole points at a heel or toe: a foot on its edge stands, it does not float. */
export function pairHeight(track: BodyTrack, f: number, p: number): number {
  const i = (f * 8 + p * 2) * 3 + 2;
  return Math.min(track.solesM[i], track.solesM[i + 3]);
}

/** Horizontal speed of a point that is planted in this frame and both its neighbours, central differences; −1 for one that is not. */
export function slideCmS({ contactPointsM: c }: BodyTrack, contacts: Uint8Array, f: number, p: number, fps: number): number {
  if (f < 1 || (f + 2) * 4 > contacts.length) return -1;
  if (!contacts[(f - 1) * 4 + p] || !contacts[f * 4 + p] || !contacts[(f + 1) * 4 + p]) return -1;
  const a = ((f - 1) * 4 + p) * 3;
  const b = ((f + 1) * 4 + p) * 3;
  return (Math.hypot(c[b] - c[a], c[b + 1] - c[a + 1]) * fps * 100) / 2;
}

function slides(track: BodyTrack, contacts: Uint8Array, n: number, fps: number): FeetReport['slide'] {
  const speeds: number[] = [];
  for (let f = 1; f < n - 1; f++) {
    for (const toe of [1, 3]) {
      const speed = slideCmS(track, contacts, f, toe, fps);
      if (speed >= 0) speeds.push(speed);
    }
  }
  speeds.sort((x, y) => x - y);
  const count = Math.max(1, speeds.length);
  return {
    meanCmS: speeds.reduce((sum, v) => sum + v, 0) / count,
    p95CmS: speeds[Math.floor((speeds.length - 1) * 0.95)] ?? 0,
    fastPercent: (100 * speeds.filter((v) => v > SLIDE_FAST_CM_S).length) / count,
    samples: speeds.length,
  };
}

/** Of a foot that stands on heel or toe, the other end is this much higher. */
const TILTED_M = 0.015;

/** Contacts of a motion that comes without any: from the points of the robot's own soles, low enough to find feet that float. */
export function contactsOfRobot(track: BodyTrack, fps: number): Uint8Array {
  const yUp = new Float64Array(track.contactPointsM.length);
  for (let i = 0; i < yUp.length; i += 3) {
    yUp[i] = track.contactPointsM[i + 1];
    yUp[i + 1] = track.contactPointsM[i + 2];
    yUp[i + 2] = track.contactPointsM[i];
  }
  const contacts = detectContacts(yUp, 4, fps, { ...CONTACT_DEFAULTS, maxHeightM: 0.04 });
  for (let i = 0; i < contacts.length; i++) {
    const other = i % 2 === 0 ? i + 1 : i - 1;
    if (yUp[i * 3 + 1] - yUp[other * 3 + 1] > TILTED_M) contacts[i] = 0;
  }
  return contacts;
}
