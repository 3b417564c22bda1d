import { readFileSync } from 'node:fs';
import path from 'node:path';
import { npm, ROOT } from './spawn.mjs';

function readLock(file) {
  try {
    return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')).packages ?? {};
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const isSame = (wanted, present) => present.version === wanted.version && present.integrity === wanted.integrity;

/**
 * Whether node_modules holds what package-lock.json names. npm writes node_modules/.package-lock.json as the last step of an
 * install, so an interrupted one counts as none. Optional packages (other platforms' binaries) may be absent.
 */
function isInstalled() {
  const wanted = readLock('package-lock.json');
  const present = readLock('node_modules/.package-lock.json');
  if (!wanted) throw new Error('package-lock.json is missing; check out the repository again.');
  if (!present) return false;
  return Object.entries(wanted)
    .filter(([place]) => place.startsWith('node_modules/'))
    .every(([place, entry]) => (present[place] ? isSame(entry, present[place]) : entry.optional || entry.devOptional || entry.peer));
}

/** Installs exactly what package-lock.json names unless it is there already; resolves to an exit code. */
export async function install() {
  if (isInstalled()) return 0;
  console.log('Installing the dependencies named in package-lock.json (npm ci) …');
  // A registry that stutters is asked again before the install is given up; what the cache holds is not asked for.
  return npm(['ci', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=6', '--fetch-retry-mintimeout=2000']);
}
