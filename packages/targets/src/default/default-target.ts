import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeFbx } from '@gaitway/formats/fbx/write-fbx';
import type { MotionScene, SkinnedMesh } from '@gaitway/formats/scene';
import type { Clip } from '@gaitway/motion/clip';
import { GaitwayError } from '@gaitway/motion/errors';
import type { Leg } from '@gaitway/motion/feet';
import { humanLegs } from '@gaitway/motion/feet';
import { lockFeet } from '@gaitway/motion/foot-lock';
import { resampleClip } from '@gaitway/motion/resample';
import { flexToes } from '@gaitway/motion/toe-flex';
import type { Delivery, Target, TargetContext, TargetFile } from '../target.ts';
import type { DefaultOptions } from './options.ts';
import { parseDefaultOptions } from './options.ts';
import { solePoints, standing, toesOf, toStandardProportions } from './proportions.ts';
import { proxyBody } from './proxy-body.ts';
import { measureQuality } from './quality.ts';
import { tPoseTurns, turnClip, turnMesh, turnSkeleton } from './rest-pose.ts';
import { inPlace, rootedMotion } from './root-motion.ts';

/** A character everyone can import: UE5 joint names, a floor `root`, a light skinned body, in FBX. */
export const defaultTarget: Target<DefaultOptions> = {
  id: 'default',
  resultType: 'fbx',
  parseOptions: parseDefaultOptions,
  deliver,
};

async function deliver(clip: Clip, options: DefaultOptions, context: TargetContext): Promise<Delivery> {
  const planted = plantedClip(clip, options);
  await step(context, 0.3);
  const legs = legsOf(planted);
  const rest = standing(planted.skeleton);
  const body = proxyBody(rest);
  const quality = measureQuality(planted, legs, body, rest);
  await step(context, 0.6);
  const placed = options.rootMotion === 'in-place' ? inPlace(planted) : planted;
  const { motion, scene } = posed(placed, body, options);
  const files = [fbxFile(scene)];
  await step(context, 1);
  return {
    targetId: 'default',
    resultType: 'fbx',
    files,
    motion,
    frameCount: motion.frameCount,
    fps: motion.fps,
    upAxis: 'Y',
    unit: 'cm',
    rootMotion: options.rootMotion,
    quality,
    warnings: [],
  };
}

const legsOf = (clip: Clip): readonly [Leg, Leg] => humanLegs(clip, solePoints(clip.skeleton));

/**
 * The motion at the delivered rate and proportions with its feet on the floor. Slide is measured on this, before `in-place`
 * takes the travel out, which makes feet slide by definition.
 */
function plantedClip(clip: Clip, options: DefaultOptions): Clip {
  const sampled = resampleClip(clip, options.fps);
  const sized = options.proportions === 'standard' ? toStandardProportions(sampled) : sampled;
  return options.footLock === 'off' ? sized : flexToes(lockFeet(sized, legsOf(sized)), toesOf(sized.skeleton));
}

/** The motion in the rest pose that was asked for, and the scene that files are written from. */
function posed(clip: Clip, body: SkinnedMesh, options: DefaultOptions): { motion: Clip; scene: MotionScene } {
  const aRest = standing(clip.skeleton);
  const turns = options.restPose === 't' ? tPoseTurns(aRest) : undefined;
  const motion = turns ? turnClip(clip, turns) : clip;
  const rest = turns ? turnSkeleton(aRest, turns) : aRest;
  const mesh = turns ? turnMesh(body, aRest, turns) : body;
  const scene = {
    name: 'gaitway',
    fps: motion.fps,
    frameCount: motion.frameCount,
    ...rootedMotion(motion, options.rootMotion === 'root', rest),
    mesh: { ...mesh, joints: mesh.joints.map((joint) => joint + 1) },
  };
  return { motion, scene };
}

const fbxFile = (scene: MotionScene): TargetFile => ({
  name: 'default.fbx',
  mediaType: 'application/octet-stream',
  bytes: writeFbx(scene),
});

/** Reports progress and lets the event loop run, so that an abort can arrive between the heavy steps. */
async function step({ signal, onProgress }: TargetContext, fraction: number): Promise<void> {
  onProgress?.(fraction);
  await nextTurn();
  if (signal?.aborted) throw new GaitwayError('canceled');
}
