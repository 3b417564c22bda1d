import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SdkFps } from '../../../packages/formats/test/readers/fbx-sdk.ts';
import type { Truth } from '../truth.ts';
import { readTruth } from '../truth.ts';

/** A video and its truth. */
export interface BenchClip {
  readonly name: string;
  readonly video: string;
  readonly truth: Truth;
  /** `samples`: the clips of the repository, which the goals are set for; `dev`: clips that the caller brought. */
  readonly group: 'samples' | 'dev';
}

const VIDEO = /\.(mp4|mov|webm|mkv|avi)$/i;

/** Every video of a folder that has a `NAME.truth.json` beside it. */
export function clipsOf(folder: string, group: BenchClip['group']): BenchClip[] {
  return readdirSync(folder)
    .filter((file) => VIDEO.test(file) && existsSync(join(folder, truthName(file))))
    .sort()
    .map((file) => ({
      name: file.replace(VIDEO, ''),
      video: join(folder, file),
      truth: readTruth(join(folder, truthName(file))),
      group,
    }));
}

const truthName = (video: string): string => video.replace(VIDEO, '.truth.json');

/** The rate to deliver and read at: the truth's own where the SDK can sample it, else 30. */
export const deliveryFps = (truth: Truth): SdkFps => ([24, 30, 60] as const).find((fps) => Math.abs(fps - truth.fps) < 0.05) ?? 30;
