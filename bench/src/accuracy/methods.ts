import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Capture } from '@gaitway/capture/capture-landmarks';
import { captureLandmarks } from '@gaitway/capture/capture-landmarks';
import type { Quality } from '@gaitway/capture/models/model-files';
import { firstSolve } from '@gaitway/capture/solve/first-solve';
import { encodeClip } from '@gaitway/motion/clip-file';
import type { ClipOrigin, Manifest } from '@gaitway/pipeline/manifest';
import { processClip } from '@gaitway/pipeline/process-clip';
import { runMeasured } from '../process-run.ts';
import { rotationErrorsDeg } from '../scores/rotations.ts';
import type { Scores } from '../scores.ts';
import { headingRad, jointErrorsMm, score } from '../scores.ts';
import type { Tracks } from '../truth.ts';
import { coveredFrames } from '../truth.ts';
import type { BenchClip } from './clips.ts';
import { deliveryFps } from './clips.ts';
import { readDelivered } from './delivered.ts';
import { rawTracks } from './raw-blazepose.ts';

/** What is compared: the model's own output, the solve in closed form, the delivered file with and without the person's height. */
export type Method = 'raw model' | 'first solve' | 'Gaitway' | 'Gaitway, no height';

/** Scores of one delivery, and what only a delivered file has. */
export interface Result {
  readonly clip: string;
  readonly group: BenchClip['group'];
  readonly quality: Quality;
  readonly method: Method;
  readonly scores: Scores & { readonly rotationDeg: number; readonly lowestSoleMm: number; readonly lowestVertexMm: number };
  readonly jointsMm: Readonly<Record<string, number>>;
  readonly rotationsDeg: Readonly<Record<string, number>>;
  /** The interval in which the manifest believes the height, metres, and the true one. */
  readonly heightM?: { readonly from: number; readonly to: number; readonly truth: number };
}

interface Bench {
  /** Root of the repository. */
  readonly root: string;
  readonly outDir: string;
}

/** All methods on one clip at one quality. The first solve is delivered through the pipeline as the fit is. */
export async function runMethods(bench: Bench, clip: BenchClip, quality: Quality): Promise<Result[]> {
  const heightM = clip.truth.subject?.height_m;
  const folder = (method: string): string => join(bench.outDir, `${clip.name}-${quality}`, method);
  const capture = await captureLandmarks(clip.video, { quality });
  const raw = resultOf(clip, quality, 'raw model', rawTracks(capture.landmarks, clip.truth));
  await deliverFirstSolve(capture, clip, folder('first'));
  const out = [raw, deliveredResult(clip, quality, 'first solve', folder('first'))];
  if (heightM !== undefined) {
    await deliverFit(bench, clip, quality, folder('fit'), heightM);
    out.push(deliveredResult(clip, quality, 'Gaitway', folder('fit')));
  }
  await deliverFit(bench, clip, quality, folder('fit-no-height'));
  return [...out, deliveredResult(clip, quality, 'Gaitway, no height', folder('fit-no-height'))];
}

/** The command that a user runs. */
async function deliverFit({ root }: Bench, clip: BenchClip, quality: Quality, out: string, heightM?: number): Promise<void> {
  mkdirSync(out, { recursive: true });
  const height = heightM === undefined ? [] : ['--height', String(heightM)];
  const options = ['--quality', quality, '--proportions', 'person', '--no-preview', '--fps', String(deliveryFps(clip.truth)), ...height];
  const command = [join(root, 'packages/cli/bin/gaitway.mjs'), 'process', clip.video, '--out', out, '--json', ...options];
  await runMeasured(process.execPath, command, { quiet: true });
}

async function deliverFirstSolve(capture: Capture, clip: BenchClip, out: string): Promise<void> {
  mkdirSync(out, { recursive: true });
  const heightM = clip.truth.subject?.height_m;
  const solved = firstSolve(capture.landmarks, heightM === undefined ? {} : { subjectHeightM: heightM });
  const origin: ClipOrigin = {
    source: capture.video,
    trim: { startSec: 0, endSec: capture.video.durationSec },
    mocapType: 'full_body',
    solve: solved.report,
    models: capture.models,
  };
  const clipPath = join(out, 'first.clip');
  writeFileSync(clipPath, encodeClip(solved.clip, { origin }));
  const target = { id: 'default', options: { proportions: 'person' } };
  await processClip({ clipPath, outDir: out, targets: [target], exportFps: deliveryFps(clip.truth), preview: false });
}

function deliveredResult(clip: BenchClip, quality: Quality, method: Method, folder: string): Result {
  const { truth } = clip;
  const { tracks, turned, lowestSoleM, lowestVertexM } = readDelivered(join(folder, 'default.fbx'), deliveryFps(truth));
  const frameCount = coveredFrames(tracks, truth.fps, truth.frames.length);
  const rotationsDeg = rotationErrorsDeg(truth, turned, headingRad(truth, tracks), frameCount);
  const { subject } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const [from, to] = subject.heightRangeM;
  return {
    ...resultOf(clip, quality, method, tracks, {
      rotationDeg: mean(Object.values(rotationsDeg)),
      lowestSoleMm: lowestSoleM * 1000,
      lowestVertexMm: lowestVertexM * 1000,
    }),
    rotationsDeg,
    ...(truth.subject && { heightM: { from, to, truth: truth.subject.height_m } }),
  };
}

type FileScores = Pick<Result['scores'], 'rotationDeg' | 'lowestSoleMm' | 'lowestVertexMm'>;
const NO_FILE: FileScores = { rotationDeg: Number.NaN, lowestSoleMm: Number.NaN, lowestVertexMm: Number.NaN };

function resultOf({ name, group, truth }: BenchClip, quality: Quality, method: Method, tracks: Tracks, file = NO_FILE): Result {
  const scores = { ...score(truth, tracks), ...file };
  const jointsMm = jointErrorsMm(truth, tracks);
  return { clip: name, group, quality, method, scores: known(scores, method), jointsMm, rotationsDeg: {} };
}

/** The model's own output neither travels nor stands on a floor: what it cannot have is not scored. */
function known(scores: Result['scores'], method: Method): Result['scores'] {
  if (method !== 'raw model') return scores;
  return { ...scores, ...Object.fromEntries(WORLD_SCORES.map((key) => [key, Number.NaN])) };
}

const WORLD_SCORES: readonly (keyof Result['scores'])[] = [
  'w100Mm',
  'wa100Mm',
  'w100MetricMm',
  'wa100MetricMm',
  'wMm',
  'waMm',
  'wMetricMm',
  'waMetricMm',
  'rootErrorMm',
  'rootErrorPct',
  'footSlideMm',
  'footSlideTruthMm',
  'footHeightBiasMm',
];

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
