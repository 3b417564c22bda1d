import { createRequire } from 'node:module';

/** Version of the package that made the motion, as in package.json. */
export const ENGINE_VERSION: string = createRequire(import.meta.url)('../package.json').version;
