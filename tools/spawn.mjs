import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs a program in the root with our terminal; resolves to its exit code (1 when a signal ended it). */
export function run(program, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
    // An interrupt from the terminal reaches the child too: wait for it to clean up, then end with its code.
    const pass = (signal) => child.kill(signal);
    const wait = () => {};
    process.on('SIGTERM', pass);
    process.on('SIGINT', wait);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGTERM', pass);
      process.off('SIGINT', wait);
      resolve(code ?? 1);
    });
  });
}

export const node = (args, env) => run(process.execPath, args, env);

/** Runs the command of an installed package by its `bin` entry, without a shell and so on every platform alike. */
export function tool(command, args, env) {
  const packageName = { tsc: 'typescript', biome: '@biomejs/biome', vitest: 'vitest' }[command];
  const folder = path.join(ROOT, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return node([path.join(folder, typeof bin === 'string' ? bin : bin[command]), ...args], env);
}

/** Runs npm itself: the one that started us when there is one, else the one on the path. */
export function npm(args) {
  const cli = process.env.npm_execpath;
  return cli && /\.c?js$/.test(cli) ? node([cli, ...args]) : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args);
}
