/** A hierarchy to write a test BVH in: names of the parts of a person, units, axes. */
export interface Dialect {
  readonly hips: string;
  readonly spine: readonly string[];
  readonly neck: string;
  readonly head: string;
  /** Clavicle, upper arm, forearm, hand; thigh, shin, foot, toe; `S` stands for the side. */
  readonly arm: readonly [string, string, string, string];
  readonly leg: readonly [string, string, string, string];
  readonly sides: readonly [string, string];
  /** File units in a metre. */
  readonly unitsPerMetre: number;
  readonly zUp: boolean;
}

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  lafan1: {
    hips: 'Hips',
    spine: ['Spine', 'Spine1', 'Spine2'],
    neck: 'Neck',
    head: 'Head',
    arm: ['SShoulder', 'SArm', 'SForeArm', 'SHand'],
    leg: ['SUpLeg', 'SLeg', 'SFoot', 'SToe'],
    sides: ['Left', 'Right'],
    unitsPerMetre: 100,
    zUp: false,
  },
  'cmu (cgspeed)': {
    hips: 'Hips',
    spine: ['lowerback', 'Chest', 'Chest2'],
    neck: 'Neck',
    head: 'Head',
    arm: ['SCollar', 'SShoulder', 'SElbow', 'SWrist'],
    leg: ['SHip', 'SKnee', 'SAnkle', 'SToe'],
    sides: ['Left', 'Right'],
    unitsPerMetre: 1 / 0.0564,
    zUp: false,
  },
  mixamo: {
    hips: 'mixamorig:Hips',
    spine: ['mixamorig:Spine', 'mixamorig:Spine1', 'mixamorig:Spine2'],
    neck: 'mixamorig:Neck',
    head: 'mixamorig:Head',
    arm: ['mixamorig:SShoulder', 'mixamorig:SArm', 'mixamorig:SForeArm', 'mixamorig:SHand'],
    leg: ['mixamorig:SUpLeg', 'mixamorig:SLeg', 'mixamorig:SFoot', 'mixamorig:SToeBase'],
    sides: ['Left', 'Right'],
    unitsPerMetre: 100,
    zUp: false,
  },
  'unreal, metres, Z up': {
    hips: 'pelvis',
    spine: ['spine_01', 'spine_02', 'spine_03'],
    neck: 'neck_01',
    head: 'head',
    arm: ['clavicle_S', 'upperarm_S', 'lowerarm_S', 'hand_S'],
    leg: ['thigh_S', 'calf_S', 'foot_S', 'ball_S'],
    sides: ['l', 'r'],
    unitsPerMetre: 1,
    zUp: true,
  },
  smpl: {
    hips: 'Pelvis',
    spine: ['Spine1', 'Spine2', 'Spine3'],
    neck: 'Neck',
    head: 'Head',
    arm: ['S_Collar', 'S_Shoulder', 'S_Elbow', 'S_Wrist'],
    leg: ['S_Hip', 'S_Knee', 'S_Ankle', 'S_Foot'],
    sides: ['L', 'R'],
    unitsPerMetre: 100,
    zUp: false,
  },
};

type Vec = readonly [number, number, number];

/** Rotations about the left axis of a frame of the test motion, degrees, and the height of the hips, metres. */
export interface TestPose {
  readonly hipsM: Vec;
  readonly thighDeg: Vec | readonly [number, number];
  readonly kneeDeg: readonly [number, number];
}

/** A T-posed person in a dialect, moved by poses: thighs and knees turn about the left axis, everything else stays. */
export function bvhText(dialect: Dialect, poses: readonly TestPose[], frameTime = '0.0333333'): string {
  const u = dialect.unitsPerMetre;
  // Y up: left +X, forward +Z. Z up: left +X, forward −Y.
  const axes = ([x, y, z]: Vec): string => (dialect.zUp ? [x, -z, y] : [x, y, z]).map((v) => (v * u).toFixed(5)).join(' ');
  const rotations = 'Zrotation Xrotation Yrotation';
  const lines: string[] = ['HIERARCHY'];
  const open = (name: string, offset: Vec, isRoot = false): void => {
    lines.push(`${isRoot ? 'ROOT' : 'JOINT'} ${name}`, '{', `\tOFFSET ${axes(offset)}`);
    lines.push(isRoot ? `\tCHANNELS 6 Xposition Yposition Zposition ${rotations}` : `\tCHANNELS 3 ${rotations}`);
  };
  const chain = (names: readonly string[], offsets: readonly Vec[], end: Vec): void => {
    names.forEach((name, k) => {
      open(name, offsets[k]);
    });
    lines.push('End Site', '{', `OFFSET ${axes(end)}`, '}', ...names.map(() => '}'));
  };
  const named = (list: readonly string[], side: string): string[] => list.map((name) => name.replace('S', side));
  const mirror = (v: Vec, sign: number): Vec => [v[0] * sign, v[1], v[2]];
  open(dialect.hips, [0, 0, 0], true);
  dialect.sides.forEach((side, k) => {
    const sign = k === 0 ? 1 : -1;
    chain(named(dialect.leg, side), [mirror([0.09, -0.04, 0], sign), [0, -0.42, 0], [0, -0.42, 0], [0, -0.06, 0.13]], [0, 0, 0.06]);
  });
  dialect.spine.forEach((name) => {
    open(name, [0, 0.12, 0]);
  });
  chain(
    [dialect.neck, dialect.head],
    [
      [0, 0.15, 0],
      [0, 0.1, 0],
    ],
    [0, 0.15, 0],
  );
  dialect.sides.forEach((side, k) => {
    const sign = k === 0 ? 1 : -1;
    chain(
      named(dialect.arm, side),
      [mirror([0.03, 0.1, 0], sign), mirror([0.15, 0, 0], sign), mirror([0.28, 0, 0], sign), mirror([0.25, 0, 0], sign)],
      mirror([0.1, 0, 0], sign),
    );
  });
  lines.push(...dialect.spine.map(() => '}'), '}', 'MOTION', `Frames: ${poses.length}`, `Frame Time: ${frameTime}`);
  const about = (deg: number): string => `0 ${deg} 0`;
  const still = '0 0 0';
  for (const pose of poses) {
    const legs = [0, 1].flatMap((k) => [about(pose.thighDeg[k]), about(pose.kneeDeg[k]), still, still]);
    const others = Array.from({ length: dialect.spine.length + 2 + 8 }, () => still);
    lines.push([axes(pose.hipsM), still, ...legs, ...others].join(' '));
  }
  return `${lines.join('\r\n')}\r\n`;
}
