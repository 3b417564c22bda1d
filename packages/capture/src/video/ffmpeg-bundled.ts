import { randomUUID } from 'node:crypto';
import { access, chmod, constants, copyFile, mkdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const defaultCacheDir = (): string => join(homedir(), '.cache', 'gaitway', 'bin');

/**
 * Path of a program that came with the dependencies, ready to run; null where there is none for this platform.
 *
 * The packages' own install scripts, which would set the executable bit, do not run, and importing the packages throws on unknown
 * platforms: so the file is looked up inside the platform's package and made executable here.
 */
export const bundledTool = async (name: 'ffmpeg' | 'ffprobe', cacheDir: string = defaultCacheDir()): Promise<string | null> => {
  const installed = installedPath(name);
  if (installed === null) return null;
  if (await isExecutable(installed)) return installed;
  const inPlace = await chmod(installed, 0o755).then(
    () => isExecutable(installed),
    () => false,
  );
  return inPlace ? installed : copyToCache(installed, name, cacheDir);
};

const installedPath = (name: 'ffmpeg' | 'ffprobe'): string | null => {
  const scope = `@${name}-installer`;
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  try {
    const parent = createRequire(import.meta.url).resolve(`${scope}/${name}/package.json`);
    const manifest = createRequire(parent).resolve(`${scope}/${process.platform}-${process.arch}/package.json`);
    return join(dirname(manifest), file);
  } catch {
    // Not installed, or not made for this platform: the caller reports that nothing was found.
    return null;
  }
};

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** For installations that this user may not change: a copy under the version's folder, put in place in one step. */
export const copyToCache = async (installed: string, name: string, cacheDir: string): Promise<string | null> => {
  const { version } = createRequire(import.meta.url)(join(dirname(installed), 'package.json')) as { version: string };
  const target = join(cacheDir, `${name}-${version}`);
  if (await isExecutable(target)) return target;
  const partial = `${target}.${randomUUID()}`;
  try {
    await mkdir(cacheDir, { recursive: true, mode: 0o700 });
    await copyFile(installed, partial);
    await chmod(partial, 0o755);
    await rename(partial, target);
    return target;
  } catch {
    // No room or no right to write: the caller reports that nothing was found.
    return null;
  }
};
