import { audit } from '@gaitway/service/credits/audit';
import { maintain, sweepOrphans } from '@gaitway/service/jobs/maintenance';
import { EXIT } from '../../exit-codes.ts';
import { type Action, parseAction, wholeNumber } from './action.ts';

const MINUTE_MS = 60_000;

const auditAction: Action = {
  usage: 'audit',
  summary: 'prove the books: entries = balances = what the jobs say; exit code 1 if not',
  async run({ db }) {
    const report = await audit(db);
    const counted = `${report.entries} entries of ${report.accounts} accounts`;
    if (report.clean) return { text: `The books are right: ${counted}.` };
    return { text: [`The books are wrong (${counted}):`, ...report.faults].join('\n'), code: EXIT.ourFault };
  },
};

const purge: Action = {
  usage: 'purge [--older-than-minutes N]',
  summary: 'expired drafts and jobs, and stored objects that no job speaks of (older than 60 minutes)',
  async run({ jobs }, args) {
    const { values } = parseAction(args, [], { 'older-than-minutes': { type: 'string', default: '60' } });
    const olderThanMs = wholeNumber('--older-than-minutes', values['older-than-minutes'], 0, 1_000_000) * MINUTE_MS;
    const report = await maintain(jobs);
    const orphans = await sweepOrphans(jobs, olderThanMs);
    return { text: `Drafts expired: ${report.expiredDrafts}. Jobs removed: ${report.removedJobs}. Orphaned objects removed: ${orphans}.` };
  },
};

export const upkeepActions: readonly Action[] = [auditAction, purge];
