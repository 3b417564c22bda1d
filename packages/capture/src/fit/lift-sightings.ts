import { HUMAN_SKELETON_HEIGHT_M } from '@gaitway/motion/human';
import { LANDMARK_COUNT, LANDMARKS } from '../landmarks.ts';
import type { BodyPointName, BodyPoints } from '../lift/body-points.ts';
import { BODY_POINTS, REFERENCE_HEIGHT_M } from '../lift/body-points.ts';
import type { Observations } from '../solve/observations.ts';
import { bodyJoint } from './body-model.ts';
import { ATTACHMENTS } from './landmark-model.ts';
import { IMAGE_OFFSETS_MM } from './landmark-offsets.ts';
import { shareOf } from './landmark-sightings.ts';
import type { Marks, SeenPoint, Sightings } from './sightings.ts';

type Offset = readonly [number, number, number];
/** Joint that carries the point, joint beside it, offset from there (rest frame, mm of a 1.75 m body), how far bodies differ in that, mm. */
type Place = readonly [joint: string, near: string, offsetMm: Offset, sigmaMm: number];

const CENTRE: Offset = [0, 0, 0];

/**
 * Where the lift's points lie on the body of the fit. Most are its joints; the others are means of two men and two women at rest
 * (heel, toes, nose, crown), which is where the lift has learned them.
 */
const LEFT_AND_MIDDLE: Partial<Record<BodyPointName, Place>> = {
  l_hip: ['pelvis', 'thigh_l', CENTRE, 0],
  l_knee: ['thigh_l', 'calf_l', CENTRE, 0],
  l_ankle: ['calf_l', 'foot_l', CENTRE, 0],
  l_heel: ['foot_l', 'foot_l', [9, -34, -54], 12],
  l_toe: ['foot_l', 'foot_l', [-2, -45, 141], 8],
  l_toe_tip: ['foot_l', 'foot_l', [-22, -57, 194], 20],
  l_shoulder: ['clavicle_l', 'upperarm_l', CENTRE, 0],
  l_elbow: ['upperarm_l', 'lowerarm_l', CENTRE, 0],
  l_wrist: ['lowerarm_l', 'hand_l', CENTRE, 0],
  l_index: ['hand_l', 'hand_l', [65, -65, 28], 15],
  l_pinky: ['hand_l', 'hand_l', [57, -57, -30], 15],
  l_ear: ['head', 'head', [62, 25, 20], 20],
  chest: ['spine_04', 'spine_05', CENTRE, 35],
  neck: ['spine_05', 'neck_01', [0, 15, 20], 20],
  head: ['neck_02', 'head', CENTRE, 15],
  head_top: ['head', 'head', [0, 150, 9], 15],
  nose: ['head', 'head', [0, -2, 124], 12],
};

const sided = (name: string): string => name.replace(/_l$/, '_r');

function placeOf(name: BodyPointName): Place | undefined {
  const own = LEFT_AND_MIDDLE[name];
  if (own || !name.startsWith('r_')) return own;
  const left = LEFT_AND_MIDDLE[`l_${name.slice(2)}` as BodyPointName];
  if (!left) return undefined;
  const [joint, near, [x, y, z], sigma] = left;
  return [sided(joint), sided(near), [-x, y, z], sigma];
}

interface Placed extends SeenPoint {
  readonly offsetMm: Offset;
  readonly sigmaM: number;
}

const PLACED: readonly Placed[] = BODY_POINTS.flatMap((name, index) => {
  const place = placeOf(name);
  if (!place) return [];
  const [joint, near, offsetMm, sigmaMm] = place;
  return [{ index, joint: bodyJoint(joint), near: bodyJoint(near), offsetMm, sigmaM: sigmaMm / 1000 }];
});

const POINTS = BODY_POINTS.length;

/**
 * Points that the pose model sees in the picture as well as anybody, because its landmark is the joint itself: their places in the
 * picture are taken from it, with the small offsets of landmark-offsets.ts. The lift knows the picture only through landmarks.
 */
const SEEN_AS_THEY_ARE: readonly BodyPointName[] = ['l_elbow', 'r_elbow', 'l_wrist', 'r_wrist', 'l_knee', 'r_knee'];
const LANDMARK_OF = new Map(
  SEEN_AS_THEY_ARE.map((name) => [BODY_POINTS.indexOf(name), (LANDMARKS as readonly string[]).indexOf(name)] as const),
);
const IMAGE_SIGMA_OF = new Map(ATTACHMENTS.map(({ landmark, imageSigmaM }) => [landmark, imageSigmaM]));

/** Errors of positions relative to the body last for many frames: so many count as one. (Measured: 4 and 10 are worse for `accurate`.) */
const BODY_REPETITION = 7;
/**
 * Errors in the picture last for a while, too: deviations are taken to be so much larger. (Measured with 1, 1.1 and 1.2: by 1.1 the error
 * of the pose falls by half a millimetre on the samples and stays on other clips; 1.2 flattens the motion of `accurate`.)
 */
const IMAGE_CAUTION = 1.1;
/** The lift's metres are those of a body of one height: how far they may be off after scaling, which is a matter of proportions. */
const BODY_SCALE_SD = 0.03;

/** Sightings of the body points that the lift found in the landmarks `seen`, both at the same even frames. */
export function liftSightings(points: BodyPoints, seen: Observations, heightM: number): Sightings {
  const size = points.frameCount * POINTS;
  const out: Sightings = {
    fps: seen.fps,
    frameCount: points.frameCount,
    stride: POINTS,
    points: PLACED,
    marksOf,
    bodyScale: (height) => ({ scale: height / REFERENCE_HEIGHT_M, sd: BODY_SCALE_SD }),
    imagePx: points.imagePx.slice(),
    bodyM: points.worldM.map((v, i) => (i % 3 === 0 ? v : -v)),
    imageSigmaM: new Float32Array(size),
    bodySigmaM: new Float32Array(size * 2),
    imageShare: new Float32Array(size),
    bodyShare: new Float32Array(size),
  };
  for (let f = 0; f < points.frameCount; f++) {
    if (points.found[f] === 0) continue;
    for (const place of PLACED) believe(out, points, f * POINTS + place.index, place.sigmaM, heightM);
    for (const [index, landmark] of LANDMARK_OF) takeFromPicture(out, seen, f * POINTS + index, f * LANDMARK_COUNT + landmark, landmark);
  }
  return out;
}

/** How far a point's positions are believed: its own deviations, and how far bodies differ in where it lies. */
function believe(out: Sightings, { imageSigma, worldSigmaM: sigma }: BodyPoints, o: number, placeSigmaM: number, heightM: number): void {
  const scale = heightM / REFERENCE_HEIGHT_M;
  out.imageSigmaM[o] = IMAGE_CAUTION * Math.hypot(imageSigma[o] * heightM, placeSigmaM);
  out.bodySigmaM[o * 2] = scale * Math.hypot((sigma[o * 3] + sigma[o * 3 + 1]) / 2, placeSigmaM);
  out.bodySigmaM[o * 2 + 1] = scale * Math.hypot(sigma[o * 3 + 2], placeSigmaM);
  out.imageShare[o] = 1;
  out.bodyShare[o] = 1 / BODY_REPETITION;
}

function takeFromPicture(out: Sightings, seen: Observations, o: number, from: number, landmark: number): void {
  for (let k = 0; k < 2; k++) out.imagePx[o * 2 + k] = seen.imagePx[from * 2 + k];
  out.imageSigmaM[o] = IMAGE_SIGMA_OF.get(landmark) ?? out.imageSigmaM[o];
  out.imageShare[o] = shareOf(seen.visibility[from]);
}

const HIPS = [bodyJoint('thigh_l'), bodyJoint('thigh_r')];

/** The lift counts from the middle between the hip joints. */
function marksOf(offsets: Float64Array, heightM: number): Marks {
  const s = heightM / HUMAN_SKELETON_HEIGHT_M / 1000;
  const world = new Float64Array(POINTS * 3);
  const image = new Float64Array(POINTS * 3);
  for (const { index, joint, near, offsetMm } of PLACED) {
    const landmark = LANDMARK_OF.get(index);
    const imageOffsetMm = landmark === undefined ? offsetMm : IMAGE_OFFSETS_MM[landmark];
    for (let k = 0; k < 3; k++) {
      const beside = near === joint ? 0 : offsets[near * 3 + k];
      world[index * 3 + k] = offsetMm[k] * s + beside;
      image[index * 3 + k] = imageOffsetMm[k] * s + beside;
    }
  }
  return { image, world, origin: Float64Array.from([0, 1, 2], (k) => (offsets[HIPS[0] * 3 + k] + offsets[HIPS[1] * 3 + k]) / 2) };
}
