/** The plans a fresh installation knows; `GAITWAY_PLANS_FILE` replaces them. */
import { z } from 'zod';
import type { Plan } from './config.ts';

const MIB = 1024 * 1024;

const plan = (id: string, changes: Partial<Plan>): Plan => ({
  id,
  active: true,
  unlimitedCredits: false,
  maxDurationSec: 30,
  maxSourceBytes: 50 * MIB,
  maxConcurrentJobs: 2,
  retentionDays: 7,
  priority: 0,
  monthlyWebCredits: 0,
  monthlyApiCredits: 0,
  ...changes,
});

export const DEFAULT_PLANS: Readonly<Record<string, Plan>> = {
  owner: plan('owner', {
    unlimitedCredits: true,
    maxDurationSec: 3_600,
    maxSourceBytes: 4_096 * MIB,
    maxConcurrentJobs: 32,
    retentionDays: 365,
    priority: 3,
  }),
  free: plan('free', { monthlyWebCredits: 100 }),
  starter: plan('starter', { maxDurationSec: 120, maxSourceBytes: 500 * MIB, maxConcurrentJobs: 4, retentionDays: 14, priority: 1 }),
  premium: plan('premium', { maxDurationSec: 600, maxSourceBytes: 2_048 * MIB, maxConcurrentJobs: 8, retentionDays: 30, priority: 2 }),
};

const planFields = z.strictObject({
  active: z.boolean().default(true),
  unlimitedCredits: z.boolean().default(false),
  maxDurationSec: z.number().positive().max(36_000),
  maxSourceBytes: z
    .int()
    .positive()
    .max(64 * 1024 * MIB),
  maxConcurrentJobs: z.int().positive().max(1_000),
  retentionDays: z.number().positive().max(3_650),
  priority: z.int().min(0).max(9).default(0),
  monthlyWebCredits: z.int().min(0).max(1_000_000_000).default(0),
  monthlyApiCredits: z.int().min(0).max(1_000_000_000).default(0),
});

const plansFile = z.record(z.string().regex(/^[a-z0-9-]{1,40}$/), planFields);

/** Reads the text of a plans file; throws with the path of the field that is wrong. */
export function parsePlans(text: string): Readonly<Record<string, Plan>> {
  const parsed = plansFile.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return Object.fromEntries(Object.entries(parsed.data).map(([id, fields]) => [id, { id, ...fields }]));
}
