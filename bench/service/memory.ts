/** The memory and the CPU time of a process, watched from outside. */
import { readFile } from 'node:fs/promises';

export interface MemoryWatch {
  /** MiB, one sample a second. */
  stop(): readonly number[];
}

const MIB_PER_KIB = 1 / 1024;

/** Resident set, MiB; Linux only, null elsewhere or when the process is gone. */
export async function residentMib(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return match === null ? null : Number(match[1]) * MIB_PER_KIB;
}

export function watchMemory(pid: number, everyMs = 1000): MemoryWatch {
  const samples: number[] = [];
  const timer = setInterval(() => {
    residentMib(pid).then((mib) => mib !== null && samples.push(mib));
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      return samples;
    },
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Growth from the second quarter to the last one, MiB: the first is warm-up. */
export function growthMib(samples: readonly number[]): number {
  const quarter = Math.floor(samples.length / 4);
  if (quarter === 0) return 0;
  return mean(samples.slice(-quarter)) - mean(samples.slice(quarter, 2 * quarter));
}

/** Clock ticks of /proc, on every Linux that Node runs on. */
const TICKS_PER_SEC = 100;
const UTIME_FIELD = 11;

/** CPU seconds a process has used; NaN where /proc is not. What a request costs does not depend on who else uses the machine. */
export async function cpuSec(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME_FIELD]) + Number(fields[UTIME_FIELD + 1])) / TICKS_PER_SEC;
}
