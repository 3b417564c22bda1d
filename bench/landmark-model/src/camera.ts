import type { Random } from './random.ts';

/** A pinhole camera without distortion, axes x right, y down, z forward: `camera = R · world + t`, pixels `f · x / z + size / 2`. */
export interface Camera {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly focalPx: number;
  /** Row-major 3 × 3. */
  readonly R: Float64Array;
  readonly tM: Float64Array;
}

const FORMATS: readonly (readonly [width: number, height: number])[] = [
  [1280, 720],
  [1280, 720],
  [720, 1280],
  [720, 1280],
  [960, 720],
];
/** Focal length in diagonals: that of telephones, give or take what crops and wide lenses do. */
const USUAL_FOCAL = 0.7;
const LEAST_FOCAL = 0.36;
const MOST_FOCAL = 1.3;
const DEGREE = Math.PI / 180;

/** World (y up) to camera (y down) for a camera that looks along −z of the world, pitched down and rolled. */
function orientation(pitchRad: number, rollRad: number): Float64Array {
  const [cp, sp, cr, sr] = [Math.cos(pitchRad), Math.sin(pitchRad), Math.cos(rollRad), Math.sin(rollRad)];
  const upright = [1, 0, 0, 0, -cp, -sp, 0, sp, -cp];
  // Negative sine in the last row of a downward pitch: what is above the axis is nearer.
  upright[5] = sp;
  upright[7] = -sp;
  const out = new Float64Array(9);
  for (let c = 0; c < 3; c++) {
    out[c] = cr * upright[c] - sr * upright[3 + c];
    out[3 + c] = sr * upright[c] + cr * upright[3 + c];
    out[6 + c] = upright[6 + c];
  }
  return out;
}

const randomFocal = (random: Random): number => Math.min(MOST_FOCAL, Math.max(LEAST_FOCAL, USUAL_FOCAL * Math.exp(0.28 * random.normal())));

/** How far the camera looks down: mostly level, but cameras on shelves and in corners look down steeply. */
function randomPitchRad(random: Random): number {
  if (random.chance(0.4)) return random.between(-5, 12) * DEGREE;
  return (random.chance(0.5) ? random.between(-10, 42) : random.between(15, 50)) * DEGREE;
}

/** Most cameras stand straight; some are held or leant. */
const randomRollRad = (random: Random): number => (random.chance(0.6) ? random.normal() * 4 : random.between(-30, 30)) * DEGREE;

/** A camera on someone `heightM` tall whose hips are around `centreM`; now and then the person leaves the picture in part. */
export function randomCamera(random: Random, centreM: readonly [number, number, number], heightM: number): Camera {
  for (;;) {
    const [widthPx, heightPx] = random.pick(FORMATS);
    const focalPx = randomFocal(random) * Math.hypot(widthPx, heightPx);
    const depthM = random.between(1.6, 6.5);
    const sizePx = (focalPx * heightM) / depthM;
    const R = orientation(randomPitchRad(random), randomRollRad(random));
    const x = random.between(0.12, 0.88);
    const y = 0.5 + random.normal() * 0.1;
    const tooLarge = sizePx > 1.1 * heightPx || sizePx > 1.5 * widthPx;
    if (tooLarge || sizePx < 0.28 * Math.min(widthPx, heightPx)) continue;
    const isCut = Math.abs(y - 0.5) + (0.5 * sizePx) / heightPx > 0.5 || Math.min(x, 1 - x) * widthPx < 0.25 * sizePx;
    if (isCut && random.chance(0.9)) continue;
    const ray = [((x - 0.5) * widthPx) / focalPx, ((y - 0.5) * heightPx) / focalPx, 1];
    const tM = Float64Array.from({ length: 3 }, (_, r) => {
      const seen = R[r * 3] * centreM[0] + R[r * 3 + 1] * centreM[1] + R[r * 3 + 2] * centreM[2];
      return ray[r] * depthM - seen;
    });
    return { widthPx, heightPx, focalPx, R, tM };
  }
}

/** `count` points of the world in camera axes, metres; `out` may be `points`. */
export function toCamera(out: Float64Array, camera: Camera, points: Float64Array): void {
  const { R, tM } = camera;
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i];
    const y = points[i + 1];
    const z = points[i + 2];
    for (let r = 0; r < 3; r++) out[i + r] = R[r * 3] * x + R[r * 3 + 1] * y + R[r * 3 + 2] * z + tM[r];
  }
}
