import { eulerXyzTrack } from '../euler.ts';
import type { MotionScene } from '../scene.ts';
import { endOf } from './document.ts';
import type { FbxObjects } from './objects.ts';
import { pChannel, properties70, pTime } from './properties.ts';
import { CM_PER_M } from './skeleton-objects.ts';
import { frameTicks } from './time.ts';
import { branch, double, floats, int, ints, leaf, long, longs, qualified } from './tree.ts';

/** `KeyAttrFlags`: linear interpolation. One run covers all keys. */
const LINEAR = Int32Array.of(4);
const NO_TANGENTS = Float32Array.of(0, 0, 0, 0);
const AXES = ['X', 'Y', 'Z'] as const;

type Triple = readonly [Float64Array, Float64Array, Float64Array];

/** Adds one stack with one layer, and dense linear curves for every joint's rotation and the moving joints' translation. */
export function addAnimation(built: FbxObjects, scene: MotionScene, boneIds: readonly bigint[]): void {
  const layerId = addStack(built, scene);
  const keys = keyTimes(scene);
  const joints = scene.skeleton.joints.length;
  scene.skeleton.joints.forEach((_, j) => {
    const moved = scene.translationsM.get(j);
    if (moved) addCurves(built, layerId, boneIds[j], 'T', translationTrack(moved, scene.frameCount), keys);
    const turned = eulerXyzTrack(scene.rotations, j * 4, scene.frameCount, joints * 4);
    addCurves(built, layerId, boneIds[j], 'R', turned, keys);
  });
}

function addStack(built: FbxObjects, scene: MotionScene): bigint {
  const stackId = built.newId();
  const layerId = built.newId();
  const stop = endOf(scene);
  const span = [pTime('LocalStart', 0n), pTime('LocalStop', stop), pTime('ReferenceStart', 0n), pTime('ReferenceStop', stop)];
  built.add(branch('AnimationStack', [long(stackId), qualified(scene.name, 'AnimStack'), noSubclass], [properties70(...span)]));
  built.add(branch('AnimationLayer', [long(layerId), qualified('BaseLayer', 'AnimLayer'), noSubclass], []));
  built.connect(layerId, stackId);
  return layerId;
}

const noSubclass = { type: 'S', value: '' } as const;

/** Times of all frames, and of the two ends for channels that stand still; shared by all curves. */
interface KeyTimes {
  readonly every: BigInt64Array;
  readonly ends: BigInt64Array;
}

function keyTimes(scene: MotionScene): KeyTimes {
  const every = frameTicks(scene.frameCount, scene.fps);
  return { every, ends: scene.frameCount > 2 ? BigInt64Array.of(0n, every[every.length - 1]) : every };
}

function translationTrack(moved: Float32Array, frameCount: number): Triple {
  const axis = (k: number): Float64Array => Float64Array.from({ length: frameCount }, (_, f) => moved[f * 3 + k] * CM_PER_M);
  return [axis(0), axis(1), axis(2)];
}

const PROPERTIES = { T: 'Lcl Translation', R: 'Lcl Rotation' } as const;

function addCurves(built: FbxObjects, layerId: bigint, boneId: bigint, kind: 'T' | 'R', track: Triple, times: KeyTimes): void {
  const nodeId = built.newId();
  const defaults = track.map((values, k) => pChannel(`d|${AXES[k]}`, values[0]));
  built.add(branch('AnimationCurveNode', [long(nodeId), qualified(kind, 'AnimCurveNode'), noSubclass], [properties70(...defaults)]));
  built.connect(nodeId, layerId);
  built.connectProperty(nodeId, boneId, PROPERTIES[kind]);
  const still = track.every((values) => values.every((v) => v === values[0]));
  track.forEach((values, k) => {
    const keys = still ? Float32Array.from(times.ends, () => values[0]) : Float32Array.from(values);
    addCurve(built, nodeId, `d|${AXES[k]}`, still ? times.ends : times.every, keys);
  });
}

function addCurve(built: FbxObjects, nodeId: bigint, channel: string, times: BigInt64Array, values: Float32Array): void {
  const id = built.newId();
  built.add(
    branch(
      'AnimationCurve',
      [long(id), qualified('', 'AnimCurve'), noSubclass],
      [
        leaf('Default', double(values[0])),
        leaf('KeyVer', int(4009)),
        leaf('KeyTime', longs(times)),
        leaf('KeyValueFloat', floats(values)),
        leaf('KeyAttrFlags', ints(LINEAR)),
        leaf('KeyAttrDataFloat', floats(NO_TANGENTS)),
        leaf('KeyAttrRefCount', ints(Int32Array.of(times.length))),
      ],
    ),
  );
  built.connectProperty(id, nodeId, channel);
}
