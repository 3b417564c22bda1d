/**
 * Retargeting to the G1 over a folder of BVH files: the table of the quality report, and the speed of both passes on one core.
 *
 *   npm run build && node --import tsx bench/g1/retarget.ts FOLDER [word …]
 *
 * Labels are independent of the solver: a toe stands where the toe of the source is slower than 0.15 m/s and lower than 5 cm.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseBvh } from '@gaitway/formats/bvh/parse';
import { bvhToClip } from '@gaitway/formats/bvh/to-clip';
import type { Clip } from '@gaitway/motion/clip';
import { pointSpeeds } from '@gaitway/motion/contacts';
import { humanLegs, solePositions } from '@gaitway/motion/feet';
import { FOOT_POINTS_M } from '@gaitway/motion/human';
import { makeGoals } from '@gaitway/targets/unitree-g1/goals';
import { type G1Model, g1Model } from '@gaitway/targets/unitree-g1/model';
import { G1_DEFAULTS } from '@gaitway/targets/unitree-g1/options';
import { reportG1 } from '@gaitway/targets/unitree-g1/report/report';
import { finished } from '@gaitway/targets/unitree-g1/retarget';
import { solveClip } from '@gaitway/targets/unitree-g1/solve-clip';
import { solveFrames } from '@gaitway/targets/unitree-g1/solve-frames';
import { sourceMotion } from '@gaitway/targets/unitree-g1/source';

const STANDING_SPEED_M_S = 0.15;
const STANDING_HEIGHT_M = 0.05;
/** Each clip is solved this often; the fastest counts. Time is the process's own on the processor: a busy machine does not matter. */
const REPEATS = 3;

/** Contacts by the labels of the bench, in the layout of `Clip.contacts`: toes only. */
function labelled(clip: Clip): Uint8Array {
  const soles = solePositions(clip, humanLegs(clip, FOOT_POINTS_M));
  const speeds = pointSpeeds(soles, 4, clip.fps);
  return Uint8Array.from({ length: clip.frameCount * 4 }, (_, i) =>
    i % 2 === 1 && speeds[i] < STANDING_SPEED_M_S && soles[i * 3 + 1] < STANDING_HEIGHT_M ? 1 : 0,
  );
}

function timed<T>(work: () => T): { readonly value: T; readonly ms: number } {
  let best = Number.POSITIVE_INFINITY;
  let value = work();
  for (let k = 0; k < REPEATS; k++) {
    const from = process.cpuUsage().user;
    value = work();
    best = Math.min(best, (process.cpuUsage().user - from) / 1000);
  }
  return { value, ms: best };
}

function rowOf(model: G1Model, file: string): string[] {
  const { clip } = bvhToClip(parseBvh(readFileSync(file)));
  const source = sourceMotion(clip);
  const first = timed(() => {
    const goals = makeGoals(model, source);
    return { goals, motion: solveFrames(model, goals, G1_DEFAULTS.handMode) };
  });
  const second = timed(() => solveClip(model, first.value.goals, first.value.motion, G1_DEFAULTS));
  const report = reportG1(model, finished(model, second.value), { contacts: labelled(clip), source });
  const n = clip.frameCount;
  const share = (frames: readonly number[]): string => ((100 * frames.length) / n).toFixed(1);
  const mean = report.directions?.meanDeg;
  return [
    path.basename(file, '.bvh'),
    report.joints.limitViolationFrames.length.toFixed(0),
    report.joints.velocityMax.radS.toFixed(1),
    share(report.joints.fastFrames),
    report.joints.accelerationRmsRadS2.toFixed(1),
    report.joints.jerkRmsRadS3.toFixed(0),
    `${share(report.feet.penetration.frames)} / ${(report.feet.penetration.maxM * 100).toFixed(1)}`,
    ((100 * report.feet.stanceFloat.samples) / Math.max(1, report.feet.stanceFloat.stanceSamples)).toFixed(1),
    `${report.feet.slide.meanCmS.toFixed(1)} / ${report.feet.slide.p95CmS.toFixed(1)}`,
    share(report.selfCollision.frames),
    (report.selfCollision.maxM * 100).toFixed(1),
    mean ? [mean.thigh, mean.shank, mean.upper_arm, mean.forearm].map((v) => v.toFixed(1)).join(' / ') : '',
    ((100 * report.dynamics.outsideFrames.length) / Math.max(1, report.dynamics.loadedFrames)).toFixed(0),
    ((1000 * n) / first.ms).toFixed(0),
    ((1000 * n) / (first.ms + second.ms)).toFixed(0),
  ];
}

const HEAD = [
  'clip',
  'limit frames',
  'v max rad/s',
  '>15 rad/s %',
  'acc rms',
  'jerk rms',
  'penetration >1 cm % / max cm',
  'float >1 cm %',
  'toe slide mean / p95 cm/s',
  'self >5 mm %',
  'self max cm',
  'direction thigh / shank / upper arm / forearm °',
  'CoP >2 cm %',
  'first pass frames/s',
  'both frames/s',
];

function main([folder, ...words]: readonly string[]): void {
  if (folder === undefined) throw new Error('Name a folder of BVH files: node --import tsx bench/g1/retarget.ts FOLDER');
  const files = readdirSync(folder).filter((f) => f.endsWith('.bvh') && (words.length === 0 || words.some((word) => f.startsWith(word))));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  console.log(line(HEAD));
  console.log(line(HEAD.map(() => '---')));
  const model = g1Model();
  for (const file of files) console.log(line(rowOf(model, path.join(folder, file))));
}

main(process.argv.slice(2));
