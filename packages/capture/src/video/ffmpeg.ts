import { access, constants } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { GaitwayError } from '@gaitway/motion/errors';
import { bundledTool } from './ffmpeg-bundled.ts';
import { runTool } from './tool-process.ts';
import { parseToolVersion, type ToolVersion } from './tool-version.ts';

/** The two programs that read video, and where they come from. */
export interface FfmpegTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** Major version of `ffmpeg`, 4 for 4.1 and so on. */
  readonly major: number;
  /** As the program names itself, e.g. `5.1.9-0+deb12u1`. */
  readonly version: string;
  readonly ffprobeVersion: string;
  readonly origin: 'system' | 'bundled' | 'given';
}

export interface LocateOptions {
  readonly ffmpegPath?: string;
  readonly ffprobePath?: string;
  /** The folders to look in, as in `PATH`; the process's own when left out. */
  readonly searchPath?: string;
  /** Where an executable copy of the bundled programs may be put if the installed ones cannot be run. */
  readonly cacheDir?: string;
}

type ToolName = 'ffmpeg' | 'ffprobe';

const OLDEST_SYSTEM_MAJOR = 5;
const OLDEST_GIVEN_MAJOR = 4;
const VERSION_TIMEOUT_MS = 60_000;

/**
 * Finds a pair of working programs: those that were named, else the system's (5 or newer), else the ones that came with the
 * dependencies (builds of 2018 and 2023: good enough to start, too old to face files of strangers).
 */
export const locateFfmpeg = async (options: LocateOptions = {}): Promise<FfmpegTools> => {
  if (options.ffmpegPath !== undefined || options.ffprobePath !== undefined) return givenTools(options);
  const tools = (await systemTools(options)) ?? (await bundledTools(options));
  if (tools === null) throw new GaitwayError('decoder_missing');
  return tools;
};

const givenTools = async (options: LocateOptions): Promise<FfmpegTools> => {
  const ffmpeg = options.ffmpegPath ?? (await partner('ffmpeg', options.ffprobePath, options));
  const ffprobe = options.ffprobePath ?? (await partner('ffprobe', options.ffmpegPath, options));
  const version = await versionOf('ffmpeg', ffmpeg);
  const ffprobeVersion = await versionOf('ffprobe', ffprobe);
  if (version === null || ffprobeVersion === null) {
    throw new GaitwayError('decoder_missing', {
      message: `${version === null ? 'ffmpeg' : 'ffprobe'} could not be run at the path that was given; correct the path or leave it out.`,
    });
  }
  if (Math.min(version.major, ffprobeVersion.major) < OLDEST_GIVEN_MAJOR) {
    throw new GaitwayError('decoder_too_old', { facts: { version: version.name, oldestMajor: OLDEST_GIVEN_MAJOR } });
  }
  return toTools(ffmpeg, version, ffprobe, ffprobeVersion, 'given');
};

/** The other program of a pair of which only one was named: its neighbour, else one on the search path, else the bundled one. */
const partner = async (name: ToolName, sibling: string | undefined, options: LocateOptions): Promise<string> => {
  const folders = [...(sibling === undefined ? [] : [dirname(sibling)]), ...searchFolders(options)];
  const found = (await findOnPath(name, folders)) ?? (await bundledTool(name, options.cacheDir));
  if (found === null) throw new GaitwayError('decoder_missing', { message: `${name} was not found; name its path too.` });
  return found;
};

const systemTools = async (options: LocateOptions): Promise<FfmpegTools | null> => {
  const folders = searchFolders(options);
  const [ffmpeg, ffprobe] = await Promise.all([findOnPath('ffmpeg', folders), findOnPath('ffprobe', folders)]);
  const tools = await checkedPair(ffmpeg, ffprobe, 'system');
  return tools !== null && tools.major >= OLDEST_SYSTEM_MAJOR ? tools : null;
};

const bundledTools = async (options: LocateOptions): Promise<FfmpegTools | null> => {
  const [ffmpeg, ffprobe] = await Promise.all([bundledTool('ffmpeg', options.cacheDir), bundledTool('ffprobe', options.cacheDir)]);
  return checkedPair(ffmpeg, ffprobe, 'bundled');
};

const checkedPair = async (ffmpeg: string | null, ffprobe: string | null, origin: FfmpegTools['origin']): Promise<FfmpegTools | null> => {
  if (ffmpeg === null || ffprobe === null) return null;
  const [version, ffprobeVersion] = await Promise.all([versionOf('ffmpeg', ffmpeg), versionOf('ffprobe', ffprobe)]);
  return version === null || ffprobeVersion === null ? null : toTools(ffmpeg, version, ffprobe, ffprobeVersion, origin);
};

const toTools = (
  ffmpeg: string,
  version: ToolVersion,
  ffprobe: string,
  ffprobeVersion: ToolVersion,
  origin: FfmpegTools['origin'],
): FfmpegTools => ({ ffmpeg, ffprobe, major: version.major, version: version.name, ffprobeVersion: ffprobeVersion.name, origin });

const searchFolders = (options: LocateOptions): string[] =>
  (options.searchPath ?? process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');

const findOnPath = async (name: ToolName, folders: readonly string[]): Promise<string | null> => {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of folders) {
    const path = join(folder, file);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return null;
};

/** The version a program claims, or null if it does not run or is something else. */
const versionOf = async (name: ToolName, path: string): Promise<ToolVersion | null> => {
  const lines: string[] = [];
  const run = await runTool(path, ['-version'], { timeoutMs: VERSION_TIMEOUT_MS, onLine: (line) => lines.push(line) });
  return run.kind === 'exited' && run.code === 0 ? parseToolVersion(name, lines.join('\n')) : null;
};
