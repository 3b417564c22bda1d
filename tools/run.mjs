#!/usr/bin/env node
/**
 * One entry for every task of the workspace, and the reason a fresh clone needs one command only: it installs what
 * package-lock.json names, builds what is stale, then runs the task. Nothing but Node's own modules is imported here, because
 * this runs before there is anything else.
 *
 *     node tools/run.mjs build | test | test:node24 | test:fuzz | test:faults | demo | start | bench:NAME
 */
import { install } from './install.mjs';
import { node, tool } from './spawn.mjs';
import { runOnNode24, runTests } from './test.mjs';

const OLDEST_NODE = [20, 19];

const build = () => tool('tsc', ['-b']);
const gaitway = (args) => node(['packages/cli/bin/gaitway.mjs', ...args]);

/** A bench is a TypeScript file that runs from the sources: bench/src/NAME.ts. */
const bench = (name, rest) => node(['--conditions=gaitway-source', '--import', 'tsx', `bench/src/${name}.ts`, ...rest]);

const TASKS = {
  build: () => 0,
  test: (rest) => runTests(rest),
  'test:node24': (rest) => runOnNode24(rest),
  'test:fuzz': (rest) => node(['--conditions=gaitway-source', '--import', 'tsx', 'test/fuzz/videos.ts', ...rest]),
  'test:faults': (rest) => node(['--conditions=gaitway-source', '--import', 'tsx', 'packages/service/test-faults/faults.ts', ...rest]),
  demo: (rest) => gaitway(['process', 'samples/walk_front.mp4', '--out', 'out/demo', '--targets', 'default,unitree_g1', ...rest]),
  start: (rest) => gaitway(['serve', ...rest]),
};

function taskOf(name) {
  if (Object.hasOwn(TASKS, name)) return TASKS[name];
  const benchName = /^bench:([a-z0-9-]+)$/.exec(name)?.[1];
  return benchName && ((rest) => bench(benchName, rest));
}

function nodeIsTooOld() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

async function main([name = '', ...rest]) {
  if (nodeIsTooOld()) {
    console.error(`Gaitway needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
    return 2;
  }
  const task = taskOf(name);
  if (!task) {
    console.error(`There is no task "${name}". Tasks: ${Object.keys(TASKS).join(', ')}, bench:NAME.`);
    return 2;
  }
  return (await install()) || (await build()) || (await task(rest));
}

process.exitCode = await main(process.argv.slice(2));
