import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SkinnedMesh } from '@gaitway/formats/scene';
import { throwIfAborted } from '@gaitway/motion/abort';
import type { Clip } from '@gaitway/motion/clip';
import type { Leg } from '@gaitway/motion/feet';
import { humanLegs } from '@gaitway/motion/feet';
import { lockFeet } from '@gaitway/motion/foot-lock';
import { humanArms, liftHands } from '@gaitway/motion/hand-clearance';
import { resampleClip } from '@gaitway/motion/resample';
import { mapShots } from '@gaitway/motion/shots';
import { flexToes } from '@gaitway/motion/toe-flex';
import type { Delivery, Target, TargetContext } from '../target.ts';
import type { Posed } from './delivered-files.ts';
import { deliveredFiles } from './delivered-files.ts';
import { mixamoSkeleton, toMixamo, toMixamoMesh } from './mixamo.ts';
import type { DefaultOptions } from './options.ts';
import { parseDefaultOptions } from './options.ts';
import { bodyScale, solePoints, standing, toesOf, toStandardProportions } from './proportions.ts';
import { proxyBody } from './proxy-body.ts';
import { measureQuality } from './quality.ts';
import { tPoseTurns, turnClip, turnMesh, turnSkeleton } from './rest-pose.ts';
import { inPlace } from './root-motion.ts';

/** A character everyone can import: a known skeleton, a light skinned body, in FBX and, if asked for, GLB and BVH. */
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
  const delivered = posed(placed, body, options);
  const { motion } = delivered;
  const files = deliveredFiles(delivered, options);
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
 * The motion at the delivered rate and proportions with its feet on the floor and its hands not in it. Slide is measured on this, before `in-place`
 * takes the travel out, which makes feet slide by definition.
 */
function plantedClip(clip: Clip, options: DefaultOptions): Clip {
  const sampled = resampleClip(clip, options.fps);
  const sized = options.proportions === 'standard' ? toStandardProportions(sampled) : sampled;
  const plant = (shot: Clip): Clip => {
    const onFeet = flexToes(lockFeet(shot, legsOf(shot)), toesOf(shot.skeleton));
    return liftHands(onFeet, humanArms(onFeet, bodyScale(onFeet.skeleton)));
  };
  return options.footLock === 'off' ? sized : mapShots(sized, plant);
}

/** The motion in the rest pose and on the skeleton that were asked for. */
function posed(clip: Clip, body: SkinnedMesh, options: DefaultOptions): Posed {
  const aPose = { motion: clip, rest: standing(clip.skeleton), mesh: body };
  const inRest = options.restPose === 't' ? inTPose(aPose) : aPose;
  return options.skeleton === 'mixamo' ? onMixamo(inRest) : inRest;
}

function inTPose({ motion, rest, mesh }: Posed): Posed {
  const turns = tPoseTurns(rest);
  return { motion: turnClip(motion, turns), rest: turnSkeleton(rest, turns), mesh: turnMesh(mesh, rest, turns) };
}

const onMixamo = ({ motion, rest, mesh }: Posed): Posed => ({
  motion: toMixamo(motion),
  rest: mixamoSkeleton(rest),
  mesh: toMixamoMesh(mesh, rest),
});

/** Reports progress and lets the event loop run, so that an abort can arrive between the heavy steps. */
async function step({ signal, onProgress }: TargetContext, fraction: number): Promise<void> {
  onProgress?.(fraction);
  await nextTurn();
  throwIfAborted(signal);
}
