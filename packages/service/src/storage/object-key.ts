/** Names of objects: a few plain segments, e.g. `jobs/mocap_0190…/artifacts/motion.fbx`. Nothing that means something to a file system. */

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const MAX_SEGMENTS = 8;

export function isObjectKey(key: string): boolean {
  if (key.length > 512) return false;
  const segments = key.split('/');
  return segments.length <= MAX_SEGMENTS && segments.every((segment) => SEGMENT.test(segment));
}

/** Throws on a key that is not one: keys are made by the service, so this is a bug of ours or an attack that got this far. */
export function requireObjectKey(key: string): string {
  if (!isObjectKey(key)) throw new Error(`not an object key: ${JSON.stringify(key.slice(0, 80))}`);
  return key;
}

/** A folder of keys: empty, or segments with a closing slash. */
export function requireKeyPrefix(prefix: string): string {
  if (prefix !== '') requireObjectKey(prefix.endsWith('/') ? prefix.slice(0, -1) : '/');
  return prefix;
}
