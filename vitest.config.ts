import { defineConfig } from 'vitest/config';

/** Tests run from the TypeScript sources (condition `gaitway-source`); only tests that spawn the command use the build. */
const conditions = ['gaitway-source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    globalSetup: ['packages/service/test/embedded/global-setup.ts'],
    // Backstops against a hang, far from any verdict: tests wait for states, and a busy machine may take its time to reach them.
    testTimeout: 400_000,
    hookTimeout: 400_000,
    teardownTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 2,
    server: { deps: { inline: [/@gaitway\//] } },
  },
});
