import { spawn } from 'node:child_process';
import { EXIT } from '../exit-codes.ts';
import type { BatchItem } from './plan.ts';

const COMPLAINT = /^gaitway: (.*)$/gm;
const TAIL_CHARS = 4000;

/**
 * Processes one video in a process of its own, which has its own memory and cannot take the others with it. It leads a process group:
 * an interrupt of the terminal reaches only us, and we pass it on once. Resolves to the sentence that the run ended with; null after a
 * success.
 */
export function runChild(item: BatchItem, options: readonly string[], signal: AbortSignal): Promise<string | null> {
  const [, entry = ''] = process.argv;
  const args = [...process.execArgv, entry, 'process', `--out=${item.outDir}`, ...options, '--', item.sourcePath];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: process.platform !== 'win32' });
    const stop = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    let tail = '';
    child.stderr.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-TAIL_CHARS);
    });
    child.on('error', reject);
    child.on('close', (exitCode) => {
      signal.removeEventListener('abort', stop);
      const code = exitCode ?? EXIT.ourFault;
      resolve(code === EXIT.done ? null : complaintIn(tail, code));
    });
  });
}

const complaintIn = (tail: string, code: number): string => {
  const said = [...tail.matchAll(COMPLAINT)].at(-1)?.[1];
  return said ?? (code === EXIT.targetFailed ? 'A target failed; the manifest says which.' : 'The run ended before its time.');
};
