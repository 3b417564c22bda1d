import { fileURLToPath } from 'node:url';

/**
 * Path of a built module that runs as a process of its own, beside the module that asks. From the sources (tests) it is the build's:
 * `childEntry('file:///…/service/src/probe/isolated-probe.ts', 'probe-child') = '/…/service/dist/probe/probe-child.js'`.
 */
export function childEntry(importMetaUrl: string, name: string): string {
  const built = importMetaUrl.endsWith('.ts') ? importMetaUrl.replace(/\/src\/(?!.*\/src\/)/, '/dist/') : importMetaUrl;
  return fileURLToPath(new URL(`./${name}.js`, built));
}
