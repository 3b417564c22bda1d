/** Sources of these tests are small JSON texts that say what a probe would have measured. */
import { readFile } from 'node:fs/promises';
import { type ErrorCode, GaitwayError } from '@gaitway/motion/errors';
import type { Probe } from '../../src/jobs/probe.ts';

export interface FixtureSource {
  readonly durationSec?: number;
  /** What the probe ends with. */
  readonly fault?: ErrorCode;
  /** What the solver ends with. */
  readonly solveFault?: ErrorCode;
  /** Runs that fail before one succeeds. */
  readonly failures?: number;
  /** The motion is kept before anything else happens. */
  readonly keepsClip?: boolean;
  /** Targets that fail alone, by run: `[['unitree_g1'], []]` fails one in the first run and none later. The last entry counts on. */
  readonly failTargets?: readonly (readonly string[])[];
  /** How long the solver takes, unless it is stopped. */
  readonly solveMs?: number;
  /** The first run that takes `solveMs`, or ends with `solveFault`. */
  readonly slowFromRun?: number;
  readonly faultyFromRun?: number;
}

export const sourceBytes = (source: FixtureSource = {}): Buffer => Buffer.from(JSON.stringify({ durationSec: 2, ...source }));

export async function readFixture(path: string): Promise<FixtureSource> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as FixtureSource;
  } catch (cause) {
    throw new GaitwayError('source_unreadable', { cause });
  }
}

export const fixtureProbe: Probe = async (path) => {
  const { durationSec = 2, fault } = await readFixture(path);
  if (fault !== undefined) throw new GaitwayError(fault);
  const frameCount = Math.round(durationSec * 30);
  return { bytes: 0, sha256: '', codec: 'h264', widthPx: 640, heightPx: 480, rotationDeg: 0, fps: 30, frameCount, durationSec };
};
