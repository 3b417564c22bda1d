import type { SolveOptions } from '@gaitway/capture/solve/solve-options';
import type { CameraSpec } from './camera.ts';
import { STANDARD_CAMERA } from './camera.ts';
import type { Faults } from './faults.ts';
import { run, walk, walkCircle, whirl } from './moves/gait.ts';
import { bendAndReach, crossedArms, jump, kicks, punches, sit, squat } from './moves/in-place.ts';
import { cartwheel, crawl, lieDown } from './moves/on-hands.ts';
import type { Move } from './moves/standing.ts';

/** One known motion, seen by one camera, solved once. */
export interface SyntheticCase {
  readonly name: string;
  readonly move: Move;
  readonly camera: CameraSpec;
  /** The camera turns after the pelvis, this many seconds late. */
  readonly panLagSec?: number;
  readonly heightM: number;
  readonly fps: 10 | 24 | 30 | 60 | 120;
  readonly seed: number;
  readonly faults: Faults;
  /** What the solve is told besides the landmarks. */
  readonly told: Partial<SolveOptions>;
}

const DEFAULTS = { camera: STANDARD_CAMERA, heightM: 1.75, fps: 30, faults: {} } as const;

/** A case; the height is told unless `told` is given. */
function make(name: string, seed: number, move: Move, change: Partial<SyntheticCase> = {}): SyntheticCase {
  const heightM = change.heightM ?? DEFAULTS.heightM;
  return { ...DEFAULTS, name, seed, move, told: { subjectHeightM: heightM }, ...change };
}

const camera = (change: Partial<CameraSpec>): CameraSpec => ({ ...STANDARD_CAMERA, ...change });
const SIDE = Math.PI / 2;
const FAR = camera({ eye: [0, 1.4, 5.2] });
const HIGH = camera({ eye: [0, 3.4, 4], target: [0, 0.9, 0] });
const TILTED = camera({ rollDeg: 9, eye: [1.2, 1.7, 4] });
const LOW_PORTRAIT = camera({ widthPx: 720, heightPx: 1280, fovDeg: 58, eye: [0.4, 0.7, 4.4], target: [0, 1, 0] });

const FAULTY: Faults = { legSwapSec: [0.9, 1.6, 2.3], armSwapSec: [1.2, 2.8], flipSec: [[1.9, 2.2]], lostSec: [[3.1, 3.3]] };

/** Every case of the bench, in the order of the table. */
export const CASES: readonly SyntheticCase[] = [
  make('walk towards', 1, walk(4, 0), { camera: FAR }),
  make('walk sideways', 2, walk(4, SIDE), { camera: FAR }),
  make('walk away', 3, walk(4, Math.PI), { camera: FAR }),
  make('walk a circle', 4, walkCircle(6, 0.9), { camera: FAR }),
  make('walk, faults', 5, walk(4, 0.7), { camera: FAR, faults: FAULTY }),
  make('run sideways', 6, run(1.6, SIDE), { camera: camera({ eye: [0, 1.4, 5.8] }) }),
  make('jump', 7, jump(0)),
  make('jump and turn', 8, jump(SIDE)),
  make('squats', 9, squat),
  make('squats, faults', 10, squat, { faults: FAULTY }),
  make('punches', 11, punches),
  make('arms crossed', 12, crossedArms),
  make('bend and reach', 13, bendAndReach),
  make('kicks', 14, kicks),
  make('sit and rise', 15, sit),
  make('whirl', 16, whirl(4, 2)),
  make('cartwheel', 17, cartwheel, { camera: FAR }),
  make('crawl', 18, crawl),
  make('lie down', 19, lieDown),
  make('whirl, high camera', 20, whirl(4, 2), { camera: HIGH }),
  make('walk, tilted camera', 21, walk(4, 0.4), { camera: TILTED }),
  make('punches, low portrait', 22, punches, { camera: LOW_PORTRAIT }),
  make('walk, wide lens', 23, walk(4, 0.3), { camera: camera({ fovDeg: 95, eye: [0, 1.4, 3.2] }) }),
  make('walk, long lens', 24, walk(4, 0.3), { camera: camera({ fovDeg: 30, eye: [0, 1.6, 10] }) }),
  make('walk, lens told', 24, walk(4, 0.3), {
    camera: camera({ fovDeg: 30, eye: [0, 1.6, 10] }),
    told: { subjectHeightM: 1.75, cameraFovDeg: 30 },
  }),
  make('walk past, panning camera', 33, walk(4, SIDE), { camera: camera({ eye: [0, 1.4, 3.6] }), panLagSec: 0.1 }),
  make('walk a circle, panning camera', 34, walkCircle(6, 1.2), { camera: camera({ eye: [0, 1.5, 4] }), panLagSec: 0.15 }),
  make('walk, 1.5 m', 25, walk(4, 0.5, 1), { heightM: 1.5 }),
  make('walk, 1.9 m', 26, walk(4, 0.5, 1.2), { heightM: 1.9, camera: FAR }),
  make('squats, height unknown 1.5 m', 27, squat, { heightM: 1.5, told: {} }),
  make('squats, height unknown 1.9 m', 28, squat, { heightM: 1.9, told: {} }),
  make('walk, 10 fps', 29, walk(4, 0.6), { fps: 10, camera: FAR }),
  make('walk, 60 fps', 30, walk(3, 0.6), { fps: 60, camera: FAR }),
  make('punches, 60 fps', 31, punches, { fps: 60 }),
];

/** The subset that runs with every test: one of each kind of trouble. */
export const QUICK_CASES: readonly string[] = [
  'walk towards',
  'walk, faults',
  'jump and turn',
  'squats, faults',
  'cartwheel',
  'whirl, high camera',
  'walk, tilted camera',
  'walk past, panning camera',
  'walk, 10 fps',
];

export const caseNamed = (name: string): SyntheticCase => {
  const found = CASES.find((one) => one.name === name);
  if (!found) throw new RangeError(`there is no case ${name}`);
  return found;
};
