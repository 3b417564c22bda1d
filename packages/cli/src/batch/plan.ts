import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { GaitwayError } from '@gaitway/motion/errors';

/** One video of a folder and the sub-folder that its files go to. */
export interface BatchItem {
  /** Name of the file inside the folder. */
  readonly video: string;
  readonly sourcePath: string;
  readonly outDir: string;
}

const EXTENSIONS = new Set(['.mp4', '.m4v', '.mov', '.webm', '.mkv', '.avi', '.ts', '.m2ts', '.mts', '.mpg', '.mpeg']);

export const isFolder = (file: string): Promise<boolean> =>
  stat(file).then(
    (stats) => stats.isDirectory(),
    () => false,
  );

/** Videos by their extension, in the order of their names; hidden files (and the `._` twins that macOS leaves) are passed over. */
export const videosAmong = (names: readonly string[]): string[] =>
  names.filter((name) => !name.startsWith('.') && EXTENSIONS.has(path.extname(name).toLowerCase())).sort();

/** Every video of the folder (not of its sub-folders). Two that differ in the extension alone keep it in the name of their folder. */
export async function planBatch(folder: string, outDir: string): Promise<BatchItem[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new GaitwayError('source_unreadable', { message: 'The folder cannot be read.', cause });
  });
  const videos = videosAmong(names);
  if (videos.length === 0) throw new GaitwayError('source_no_video', { message: 'There is no video in this folder.' });
  const stem = (name: string): string => path.parse(name).name;
  const isShared = (name: string): boolean =>
    videos.some((other) => other !== name && stem(other).toLowerCase() === stem(name).toLowerCase());
  return videos.map((video) => ({
    video,
    sourcePath: path.join(folder, video),
    outDir: path.join(outDir, isShared(video) ? video : stem(video)),
  }));
}
