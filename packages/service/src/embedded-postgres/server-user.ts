/**
 * Who the database runs as. PostgreSQL refuses to run as root, so a service that runs as root (most containers) hands it to `nobody`;
 * everyone else runs it as themselves.
 */
import { chown, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GaitwayError } from '@gaitway/motion/errors';

/** null: the same user as this process. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

/** Finds `nobody` in the text of a passwd file; initdb needs the entry, the number alone does not do. */
export function findNobody(passwd: string): ServerUser {
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === 'nobody' && /^\d+$/.test(uid ?? '') && /^\d+$/.test(gid ?? '')) return { uid: Number(uid), gid: Number(gid) };
  }
  return null;
}

export async function serverUser(): Promise<ServerUser> {
  if (process.geteuid?.() !== 0) return null;
  const nobody = findNobody(await readFile('/etc/passwd', 'utf8'));
  if (nobody === null || nobody.uid === 0) {
    throw new GaitwayError('service_unavailable', {
      message: 'PostgreSQL cannot run as root and there is no user "nobody"; start Gaitway as another user, or set DATABASE_URL.',
    });
  }
  return nobody;
}

/** Whether a user who owns nothing may walk down to `path` (absolute, existing). */
export async function isReachable(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Gives a folder and all that is in it to the database's user. */
export async function giveTo(user: ServerUser, path: string): Promise<void> {
  if (user === null) return;
  await chown(path, user.uid, user.gid);
  if (!(await stat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await giveTo(user, join(path, name));
}
