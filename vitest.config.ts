import { defineConfig } from 'vitest/config';

/** Tests run from the TypeScript sources (condition `gaitway-source`); only tests that spawn the command use the build. */
const conditions = ['gaitway-source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['packages/service/test/embedded/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    server: { deps: { inline: [/@gaitway\//] } },
  },
});
