import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessRun {
  readonly wallSec: number;
  /** High-water mark of the largest single process of the tree, bytes; NaN where /proc is not there. */
  readonly largestProcessBytes: number;
  readonly stdout: string;
}

const POLL_MS = 50;

/**
 * Runs a command to its end, watching the memory of it and of everything it starts. Throws when it fails. With `quiet` what it
 * says on its error stream is kept for that case only.
 */
export async function runMeasured(command: string, args: readonly string[], { quiet = false } = {}): Promise<ProcessRun> {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (quiet) stderr += text;
    else process.stderr.write(text);
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  let largest = Number.NaN;
  const timer = setInterval(() => {
    largest = Math.max(largest || 0, ...treeOf(child.pid as number).map(highWaterBytes));
  }, POLL_MS);
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${command} ended with ${code}${stderr === '' ? '' : `:\n${stderr}`}`);
  return { wallSec: (performance.now() - start) / 1000, largestProcessBytes: largest, stdout };
}

/** A process and all that descend from it. */
function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of listProcesses()) {
    const parent = Number(/\) \S (\d+)/.exec(readProc(`${name}/stat`))?.[1] ?? -1);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const out = [root];
  for (let i = 0; i < out.length; i++) out.push(...(children.get(out[i]) ?? []));
  return out;
}

function listProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // Not Linux: memory is not measured, and the table says so.
  }
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return ''; // The process has just ended.
  }
}

const highWaterBytes = (pid: number): number => Number(/VmHWM:\s+(\d+) kB/.exec(readProc(`${pid}/status`))?.[1] ?? 0) * 1024;
