import { jointsOfFbx } from '../../packages/formats/test/readers/fbx-sdk.ts';
import type { Tracks } from './truth.ts';

/** Names of the delivered skeleton's joints in the truth's vocabulary; sides as `_l`/`_r`. */
const JOINTS: Readonly<Record<string, string>> = {
  shoulder: 'upperarm',
  elbow: 'lowerarm',
  wrist: 'hand',
  hip: 'thigh',
  knee: 'calf',
  ankle: 'foot',
  toe: 'ball',
};

/** The delivered FBX as the Autodesk SDK reads it, in the truth's joint names: what is scored is what the user gets. */
export function tracksOfFbx(path: string, fps: 24 | 30 | 60): Tracks {
  const read = jointsOfFbx(path, { fps });
  const points = new Map<string, Float64Array>();
  for (const side of ['l', 'r']) {
    for (const [name, joint] of Object.entries(JOINTS)) {
      const index = read.names.indexOf(`${joint}_${side}`);
      if (index < 0) throw new Error(`the FBX has no joint ${joint}_${side}`);
      points.set(`${side}_${name}`, Float64Array.from(read.frames.flatMap((frame) => [...frame[index]])));
    }
  }
  return { fps, frameCount: read.frames.length, points };
}
