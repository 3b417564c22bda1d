import type { Clip } from '@gaitway/motion/clip';
import { HUMAN_JOINTS, HUMAN_SKELETON } from '@gaitway/motion/human';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents, type WorldPose } from '@gaitway/motion/kinematics';
import { multiply, normalize, rotate, setIdentity } from '@gaitway/motion/quaternion';
import { fromAxisAngle, fromBasis, fromTo, toMatrix } from '@gaitway/motion/rotation';
import type { Character } from './character.ts';
import { INFLUENCES } from './rig.ts';

/** Joint of the human skeleton that turns a bone of the MakeHuman rig; bones without one move with their parent. */
const DRIVERS: readonly (readonly [RegExp, string])[] = [
  [/^(root|pelvis\..)$/, 'pelvis'],
  [/^spine05$/, 'spine_01'],
  [/^spine04$/, 'spine_02'],
  [/^spine03$/, 'spine_03'],
  [/^spine02$/, 'spine_04'],
  [/^spine01$/, 'spine_05'],
  [/^neck0[12]$/, 'neck_01'],
  [/^neck03$/, 'neck_02'],
  [/^head$/, 'head'],
  [/^(clavicle|shoulder01)\.(.)$/, 'clavicle'],
  [/^upperarm0[12]\.(.)$/, 'upperarm'],
  [/^lowerarm01\.(.)$/, 'lowerarm'],
  [/^lowerarm02\.(.)$/, 'lowerarm'],
  [/^wrist\.(.)$/, 'hand'],
  [/^upperleg0[12]\.(.)$/, 'thigh'],
  [/^lowerleg0[12]\.(.)$/, 'calf'],
  [/^foot\.(.)$/, 'foot'],
];
/** Start and end of a limb: rig bones, joints of the human skeleton. */
const LIMBS: Readonly<Record<string, readonly [from: string, to: string, joint: string, next: string]>> = {
  upperarm: ['upperarm01', 'lowerarm01', 'upperarm', 'lowerarm'],
  lowerarm: ['lowerarm01', 'wrist', 'lowerarm', 'hand'],
  thigh: ['upperleg01', 'lowerleg01', 'thigh', 'calf'],
  calf: ['lowerleg01', 'foot', 'calf', 'foot'],
};

const restOf = (joint: string): Float64Array => {
  const out = new Float64Array(3);
  for (let j = HUMAN_JOINTS.indexOf(joint); j >= 0; j = HUMAN_SKELETON.joints[j].parent) {
    for (let k = 0; k < 3; k++) out[k] += HUMAN_SKELETON.joints[j].translationM[k];
  }
  return out;
};

const minus = (a: ArrayLike<number>, b: ArrayLike<number>): Float64Array => Float64Array.from({ length: 3 }, (_, k) => a[k] - b[k]);

/** The frame with y along `along` and x as near to `side` as it can be. */
function frameOf(along: Float64Array, side: Float64Array): Float64Array {
  const unit = (v: Float64Array): Float64Array => v.map((x) => x / Math.hypot(...v));
  const cross = (a: Float64Array, b: Float64Array): Float64Array =>
    Float64Array.of(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
  const y = unit(along);
  const z = unit(cross(side, y));
  const q = new Float64Array(4);
  fromBasis(q, 0, cross(y, z), 0, y, 0, z, 0);
  return q;
}

/** Rotation that brings the rest frame `from` to the rest frame `to`. */
const between = (from: Float64Array, to: Float64Array): Float64Array => {
  const inverse = Float64Array.of(-from[0], -from[1], -from[2], from[3]);
  const q = new Float64Array(4);
  multiply(q, 0, to, 0, inverse, 0);
  return q;
};

/** Puts a character into the poses of a clip. Buffers are reused: a pose is valid until the next. */
export class Poser {
  readonly character: Character;
  /** `vertices × 3`, world metres. */
  readonly positionsM: Float64Array;
  /** `bones × 3` and `bones × 4`: world heads and rotations relative to rest. */
  readonly headsM: Float64Array;
  readonly rotations: Float64Array;
  readonly #clip: Clip;
  readonly #pose: WorldPose;
  readonly #parents: Int32Array;
  readonly #offsets: Float64Array;
  readonly #driver: Int32Array;
  readonly #align: Float64Array;
  readonly #matrices: Float64Array;
  readonly #curl: Float64Array;
  readonly #scale: number;
  readonly #hips: number;

  /** `curlRad`: how far each finger joint is bent. */
  constructor(character: Character, clip: Clip, curlRad: number) {
    const { names } = character.rig;
    this.character = character;
    this.#clip = clip;
    this.#pose = createWorldPose(clip.skeleton);
    this.#parents = jointParents(clip.skeleton);
    this.#offsets = jointOffsets(clip.skeleton);
    this.positionsM = new Float64Array(character.verticesM.length);
    this.headsM = new Float64Array(names.length * 3);
    this.rotations = new Float64Array(names.length * 4);
    this.#matrices = new Float64Array(names.length * 12);
    const drivers = names.map((name) => driverOf(name));
    this.#driver = Int32Array.from(drivers, (name) => (name ? HUMAN_JOINTS.indexOf(name) : -1));
    this.#align = new Float64Array(names.length * 4);
    names.forEach((name, bone) => {
      this.#align.set(alignment(character, name, drivers[bone]), bone * 4);
    });
    this.#curl = new Float64Array(names.length);
    names.forEach((name, bone) => {
      if (/^finger[2-5]-[123]/.test(name)) this.#curl[bone] = curlRad;
    });
    this.#hips = names.indexOf('upperleg01.L');
    const bone = (name: string): Float64Array => character.headsM.subarray(names.indexOf(name) * 3);
    const legM =
      Math.hypot(...minus(bone('upperleg01.L'), bone('lowerleg01.L'))) + Math.hypot(...minus(bone('lowerleg01.L'), bone('foot.L')));
    const joint = (name: string): number => Math.hypot(...clip.skeleton.joints[HUMAN_JOINTS.indexOf(name)].translationM);
    this.#scale = legM / (joint('calf_l') + joint('foot_l'));
  }

  /** Poses frame `frame`; the mid-hip's path is that of the clip, scaled with the legs. */
  pose(frame: number): void {
    const { skeleton, rootTranslationM, rotations } = this.#clip;
    forwardKinematics(this.#pose, this.#parents, this.#offsets, rootTranslationM, frame * 3, rotations, frame * skeleton.joints.length * 4);
    this.#turnBones();
    this.#placeBones();
    this.#skin();
  }

  #turnBones(): void {
    const { parents } = this.character.rig;
    const axis = new Float64Array(4);
    for (let bone = 0; bone < parents.length; bone++) {
      const driver = this.#driver[bone];
      if (driver >= 0) multiply(this.rotations, bone * 4, this.#pose.rotations, driver * 4, this.#align, bone * 4);
      else if (parents[bone] < 0) setIdentity(this.rotations, bone * 4);
      else this.rotations.copyWithin(bone * 4, parents[bone] * 4, parents[bone] * 4 + 4);
      if (this.#curl[bone] > 0) {
        // Rest hands point down and forward: fingers close towards the palm about the line from the little finger to the index.
        const side = this.character.rig.names[bone].endsWith('L') ? 1 : -1;
        const d = this.#knuckleLine(side);
        fromAxisAngle(axis, 0, d[0], d[1], d[2], side * this.#curl[bone]);
        multiply(this.rotations, bone * 4, this.rotations, bone * 4, axis, 0);
      }
      normalize(this.rotations, bone * 4);
    }
  }

  #knuckleLine(side: number): Float64Array {
    const { headsM, rig } = this.character;
    const letter = side > 0 ? 'L' : 'R';
    const index = headsM.subarray(rig.names.indexOf(`finger2-1.${letter}`) * 3);
    const little = headsM.subarray(rig.names.indexOf(`finger5-1.${letter}`) * 3);
    const d = minus(index, little);
    const length = Math.hypot(...d);
    return d.map((v) => v / length);
  }

  #placeBones(): void {
    const { headsM, rig } = this.character;
    const step = new Float64Array(3);
    for (let bone = 0; bone < rig.parents.length; bone++) {
      const up = rig.parents[bone];
      if (up < 0) continue;
      for (let k = 0; k < 3; k++) step[k] = headsM[bone * 3 + k] - headsM[up * 3 + k];
      rotate(step, 0, this.rotations, up * 4, step, 0);
      for (let k = 0; k < 3; k++) this.headsM[bone * 3 + k] = this.headsM[up * 3 + k] + step[k];
    }
    const left = this.#hips;
    const right = rig.names.indexOf('upperleg01.R');
    const thigh = HUMAN_JOINTS.indexOf('thigh_l');
    const other = HUMAN_JOINTS.indexOf('thigh_r');
    for (let k = 0; k < 3; k++) {
      const wanted = ((this.#pose.positionsM[thigh * 3 + k] + this.#pose.positionsM[other * 3 + k]) / 2) * this.#scale;
      const shift = wanted - (this.headsM[left * 3 + k] + this.headsM[right * 3 + k]) / 2;
      for (let bone = 0; bone < rig.parents.length; bone++) this.headsM[bone * 3 + k] += shift;
    }
  }

  /** Linear blend skinning. */
  #skin(): void {
    const { headsM, verticesM, boneOf, weightOf } = this.character;
    const m = this.#matrices;
    const turn = new Float64Array(9);
    for (let bone = 0; bone < this.rotations.length / 4; bone++) {
      toMatrix(turn, 0, this.rotations, bone * 4);
      for (let r = 0; r < 3; r++) {
        let t = this.headsM[bone * 3 + r];
        for (let c = 0; c < 3; c++) {
          m[bone * 12 + r * 4 + c] = turn[r * 3 + c];
          t -= turn[r * 3 + c] * headsM[bone * 3 + c];
        }
        m[bone * 12 + r * 4 + 3] = t;
      }
    }
    for (let i = 0; i < verticesM.length; i += 3) {
      const x = verticesM[i];
      const y = verticesM[i + 1];
      const z = verticesM[i + 2];
      let px = 0;
      let py = 0;
      let pz = 0;
      const first = (i / 3) * INFLUENCES;
      for (let k = first; k < first + INFLUENCES; k++) {
        const w = weightOf[k];
        if (w === 0) break;
        const o = boneOf[k] * 12;
        px += w * (m[o] * x + m[o + 1] * y + m[o + 2] * z + m[o + 3]);
        py += w * (m[o + 4] * x + m[o + 5] * y + m[o + 6] * z + m[o + 7]);
        pz += w * (m[o + 8] * x + m[o + 9] * y + m[o + 10] * z + m[o + 11]);
      }
      this.positionsM[i] = px;
      this.positionsM[i + 1] = py;
      this.positionsM[i + 2] = pz;
    }
  }

  /** World place of a rest point that is rigid with a bone. */
  carried(out: Float64Array, at: number, bone: number, restM: ArrayLike<number>): void {
    const v = Float64Array.from({ length: 3 }, (_, k) => restM[k] - this.character.headsM[bone * 3 + k]);
    rotate(v, 0, this.rotations, bone * 4, v, 0);
    for (let k = 0; k < 3; k++) out[at + k] = this.headsM[bone * 3 + k] + v[k];
  }
}

function driverOf(bone: string): string | null {
  const found = DRIVERS.find(([words]) => words.test(bone));
  if (!found) return null;
  const side = bone.endsWith('.L') ? '_l' : bone.endsWith('.R') ? '_r' : '';
  return found[1] === 'pelvis' ? 'pelvis' : `${found[1]}${side}`;
}

/** Rotation between the rest pose of the rig and that of the human skeleton, for one bone. */
function alignment(character: Character, bone: string, driver: string | null): Float64Array {
  const out = Float64Array.of(0, 0, 0, 1);
  if (!driver) return out;
  const { names } = character.rig;
  const letter = bone.slice(-2);
  const side = driver.slice(-2);
  const head = (name: string): Float64Array => character.headsM.subarray(names.indexOf(name + letter) * 3);
  const limb = LIMBS[driver.slice(0, -2)];
  if (limb) fromTo(out, 0, minus(head(limb[1]), head(limb[0])), 0, minus(restOf(limb[3] + side), restOf(limb[2] + side)), 0);
  if (/^hand_/.test(driver)) {
    const from = frameOf(minus(head('finger3-1'), head('wrist')), minus(head('finger2-1'), head('finger5-1')));
    const to = frameOf(
      minus(restOf(`middle_01${side}`), restOf(`hand${side}`)),
      minus(restOf(`index_01${side}`), restOf(`pinky_01${side}`)),
    );
    return between(from, to);
  }
  if (/^foot_/.test(driver)) {
    const along = (v: Float64Array): Float64Array => Float64Array.of(v[0], 0, v[2]);
    fromTo(out, 0, along(minus(head('toe2-1'), head('foot'))), 0, along(minus(restOf(`ball${side}`), restOf(`foot${side}`))), 0);
  }
  return out;
}
