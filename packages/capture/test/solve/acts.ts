import type { ActedPose } from './acted.ts';

/** Arms that hang by the body from the A-pose, and what they do when raised over the head. */
const HANGING = { upperarm_l: [0, 0, -0.6], upperarm_r: [0, 0, 0.6], lowerarm_l: 0.3, lowerarm_r: 0.3 } as const;
const OVERHEAD = { upperarm_l: [0, 0, 2.1], upperarm_r: [0, 0, -2.1], lowerarm_l: 0.1, lowerarm_r: 0.1 } as const;

/** Lengths of thigh and calf of the average 1.75 m body, height of the ankle over the floor, metres. */
const [THIGH_M, CALF_M, ANKLE_M] = [0.41, 0.44, 0.085];
const STEP_SEC = 1.1;
const STANCE = 0.6;

/** Angles of hip, knee and ankle that bring the ankle to a place relative to the hip: z forward, y up, metres. */
function legAngles(
  zM: number,
  yM: number,
  size: number,
): { thigh: readonly [number, number, number]; calf: number; foot: readonly [number, number, number] } {
  const [a, b] = [THIGH_M * size, CALF_M * size];
  const d = Math.min(a + b - 1e-3, Math.hypot(zM, yM));
  const bend = Math.PI - Math.acos((a * a + b * b - d * d) / (2 * a * b));
  const lift = Math.atan2(zM, -yM) + Math.acos((a * a + d * d - b * b) / (2 * a * d));
  return { thigh: [-lift, 0, 0], calf: bend, foot: [lift - bend, 0, 0] };
}

/** Walks along z at a speed, metres a second; on a treadmill the body stays where it is and the feet slide back. */
export const walk =
  (speedMS: number, treadmill = false) =>
  (timeSec: number, size: number): ActedPose => {
    const hipM = (THIGH_M + CALF_M) * 0.96 * size;
    const legs = (['l', 'r'] as const).flatMap((side, s) => {
      const phase = (timeSec / STEP_SEC + s / 2) % 1;
      const reach = speedMS * STANCE * STEP_SEC;
      const swing = (phase - STANCE) / (1 - STANCE);
      const zM = phase < STANCE ? reach * (0.5 - phase / STANCE) : reach * (swing * swing * (3 - 2 * swing) - 0.5);
      const upM = phase < STANCE ? 0 : 0.07 * size * Math.sin(Math.PI * swing);
      const { thigh, calf, foot } = legAngles(zM, upM - hipM, size);
      return [[`thigh_${side}`, thigh] as const, [`calf_${side}`, calf] as const, [`foot_${side}`, foot] as const];
    });
    const swing = 0.4 * Math.sin((2 * Math.PI * timeSec) / STEP_SEC);
    return {
      pelvis: [0, 0, 0],
      xM: 0,
      yM: hipM + ANKLE_M * size + 0.02 * size,
      zM: treadmill ? 0 : speedMS * timeSec,
      blocks: { ...HANGING, ...Object.fromEntries(legs), upperarm_l: [swing, 0, -0.6], upperarm_r: [-swing, 0, 0.6] },
    };
  };

/** Breathing and looking about: nobody is a statue. */
const alive = (timeSec: number): number => 0.06 * Math.sin(2.4 * timeSec);

export const stand = (timeSec: number): ActedPose => ({
  pelvis: [0, alive(timeSec), 0],
  xM: 0,
  zM: 0,
  blocks: { ...HANGING, calf_l: 0.08, calf_r: 0.08 },
});

export const sit = (timeSec: number): ActedPose => ({
  pelvis: [0, 0.3, 0],
  xM: 0,
  zM: 0,
  blocks: {
    ...HANGING,
    thigh_l: [-1.5, 0, 0],
    thigh_r: [-1.5, 0, 0],
    calf_l: 1.5,
    calf_r: 1.5,
    chest: [alive(timeSec), 0, 0],
    lowerarm_l: 1.2,
  },
});

/** On the back, head to the left of the picture. */
export const lie = (timeSec: number): ActedPose => ({
  pelvis: [-Math.PI / 2, 0, 0],
  xM: 0,
  zM: 0,
  blocks: { ...HANGING, calf_l: 0.2 + alive(timeSec), thigh_l: [-0.2, 0, 0], calf_r: 0.1, neck: [0, alive(timeSec), 0] },
});

export const crawl = (timeSec: number): ActedPose => {
  const s = 0.3 * Math.sin(5 * timeSec);
  return {
    pelvis: [1.35, 0.5, 0],
    xM: 0,
    zM: 0.3 * timeSec,
    blocks: {
      thigh_l: [-1.4 + s, 0, 0],
      thigh_r: [-1.4 - s, 0, 0],
      calf_l: 1.5,
      calf_r: 1.5,
      upperarm_l: [-1.2 - s, 0, -0.5],
      upperarm_r: [-1.2 + s, 0, 0.5],
      neck: [-0.4, 0, 0],
    },
  };
};

export const handstand = (timeSec: number): ActedPose => ({
  pelvis: [0, 0, Math.PI + alive(timeSec)],
  xM: 0,
  zM: 0,
  blocks: { ...OVERHEAD, thigh_l: [0, 0, 0.25], thigh_r: [0, 0, -0.25], calf_l: 0.1, calf_r: 0.1 },
});

/** Stands, rolls once around to the side with arms and legs spread, and stands again. */
export const cartwheel = (timeSec: number): ActedPose => {
  const u = Math.max(0, Math.min(1, (timeSec - 0.7) / 1.3));
  const roll = -2 * Math.PI * u * u * (3 - 2 * u);
  const ready = Math.max(0, Math.min(1, timeSec / 0.5, (2.7 - timeSec) / 0.5));
  return {
    pelvis: [0, 0, roll],
    xM: -0.9 + 1.8 * u,
    zM: 0,
    blocks: {
      upperarm_l: [0, 0, -0.6 + 2.6 * ready],
      upperarm_r: [0, 0, 0.6 - 2.6 * ready],
      lowerarm_l: 0.1,
      lowerarm_r: 0.1,
      thigh_l: [0, 0, 0.45 * ready],
      thigh_r: [0, 0, -0.45 * ready],
      calf_l: 0.06,
      calf_r: 0.06,
    },
  };
};
