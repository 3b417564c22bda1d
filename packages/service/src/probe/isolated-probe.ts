/** Measures sources in a process of its own with limits on time, memory and number: a hostile file takes nothing down but its own probe. */
import type { ChildProcess } from 'node:child_process';
import { GaitwayError } from '@gaitway/motion/errors';
import { childEntry } from '../child-entry.ts';
import type { Config } from '../config/config.ts';
import { forkIsolated, killGroup } from '../isolation.ts';
import type { Probe, SourceFacts } from '../jobs/probe.ts';
import type { ProbeAnswer, ProbeQuestion } from './probe-messages.ts';
import { Turnstile } from './turnstile.ts';

const MAX_AT_ONCE = 4;
const MAX_WAITING = 64;
const MAX_HEAP_MIB = 256;
/** The tools' own limit comes first, so that the answer names the fault. */
const TOOLS_SHARE = 0.8;

function factsOf(answer: ProbeAnswer): SourceFacts {
  if (answer.ok) return answer.facts;
  throw new GaitwayError(answer.code, { stage: answer.stage, message: answer.message, facts: answer.facts });
}

function ask(child: ChildProcess, question: ProbeQuestion, signal: AbortSignal): Promise<SourceFacts> {
  return new Promise((resolve, reject) => {
    const unavailable = (cause: unknown): void => reject(new GaitwayError('service_unavailable', { stage: 'validation', cause }));
    if (signal.aborted) return unavailable(signal.reason);
    signal.addEventListener('abort', () => unavailable(signal.reason), { once: true });
    child.once('error', unavailable);
    child.once('exit', (code, exitSignal) => unavailable(new Error(`the probe ended with ${exitSignal ?? code}`)));
    child.once('message', (answer: ProbeAnswer) => {
      try {
        resolve(factsOf(answer));
      } catch (error) {
        reject(error);
      }
    });
    child.send(question);
  });
}

export function createIsolatedProbe(config: Pick<Config, 'limits' | 'childEnvironment'>): Probe {
  const timeoutMs = config.limits.probeTimeoutSec * 1000;
  const turnstile = new Turnstile(MAX_AT_ONCE, MAX_WAITING);
  const probe: Probe = async (path, signal) => {
    const child = forkIsolated(childEntry(import.meta.url, 'probe-child'), {
      environment: config.childEnvironment,
      maxHeapMiB: MAX_HEAP_MIB,
    });
    const budget = AbortSignal.timeout(timeoutMs);
    try {
      const question = { path, timeoutMs: Math.round(timeoutMs * TOOLS_SHARE) };
      return await ask(child, question, signal === undefined ? budget : AbortSignal.any([budget, signal]));
    } finally {
      killGroup(child);
    }
  };
  return (path, signal) => turnstile.pass(() => probe(path, signal));
}
