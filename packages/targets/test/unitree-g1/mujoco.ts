import type { MainModule, MjData, MjModel } from 'mujoco-js';
import loadMujoco from 'mujoco-js';
import { g1Mjcf } from '../../src/unitree-g1/mjcf.ts';
import type { G1Model } from '../../src/unitree-g1/model.ts';

/** MuJoCo with the robot loaded: the independent judge. */
export interface Judge {
  readonly mujoco: MainModule;
  readonly model: MjModel;
  readonly data: MjData;
  /** Sets the configuration (pelvis xyz, quaternion xyzw, 29 angles) and updates everything that depends on position. */
  pose(position: ArrayLike<number>, quaternion: ArrayLike<number>, angles: ArrayLike<number>): void;
}

export async function loadJudge(robot: G1Model): Promise<Judge> {
  const mujoco: MainModule = await loadMujoco();
  const files = (mujoco as unknown as { FS: { writeFile(path: string, text: string): void } }).FS;
  files.writeFile('/g1.xml', g1Mjcf(robot));
  const model = mujoco.MjModel.loadFromXML('/g1.xml');
  if (!model) throw new Error('MuJoCo refused the generated model');
  const data = new mujoco.MjData(model);
  return {
    mujoco,
    model,
    data,
    pose(position, quaternion, angles) {
      const qpos = data.qpos as Float64Array;
      for (let k = 0; k < 3; k++) qpos[k] = position[k];
      qpos[3] = quaternion[3];
      for (let k = 0; k < 3; k++) qpos[4 + k] = quaternion[k];
      for (let j = 0; j < angles.length; j++) qpos[7 + j] = angles[j];
      mujoco.mj_fwdPosition(model, data);
    },
  };
}
