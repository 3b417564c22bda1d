import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { npm, tool } from './spawn.mjs';

/** The Node of the second lane comes from the registry at an exact version; it is not a dependency of the product. */
const NODE_24 = '24.21.0';

/** What vitest wrote about its run; a file that could not even be loaded counts as one failed test. */
function readCounts(reportFile) {
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles };
}

async function runVitest(rest) {
  const folder = mkdtempSync(path.join(tmpdir(), 'gaitway-test-'));
  const reportFile = path.join(folder, 'report.json');
  try {
    const code = await tool('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...rest]);
    return { code, ...readCounts(reportFile) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lint, then every test (the build and its type check have run before). The last line is `N passed, N failed`. */
export async function runTests(rest) {
  const lintCode = await tool('biome', ['check', '--error-on-warnings']);
  const { code, passed, failed } = await runVitest(rest);
  if (lintCode) console.log('The linter found faults; `npm run fix` mends most of them.');
  console.log(`${passed} passed, ${failed} failed`);
  return lintCode || code;
}

/** The same tests again on Node 24. */
export function runOnNode24(rest) {
  const packageName = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}@${NODE_24}`;
  return npm(['exec', '--yes', `--package=${packageName}`, '--', 'node', 'tools/run.mjs', 'test', ...rest]);
}
