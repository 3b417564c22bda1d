import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Db } from '../database/schema.ts';
import { countUnfinished, UNFINISHED } from '../jobs/rows.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly requestSec: Histogram<'method' | 'route' | 'status'>;
  readonly problems: Counter<'code'>;
}

/** Counts of unfinished jobs are asked of the database when somebody scrapes. */
export function createMetrics(db: Db): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'gaitway_jobs_unfinished',
    help: 'Jobs that are drafts, wait or run.',
    labelNames: ['status'],
    registers,
    async collect() {
      const counts = await countUnfinished(db);
      for (const status of UNFINISHED) this.set({ status }, counts.get(status) ?? 0);
    },
  });
  return {
    registry,
    requestSec: new Histogram({
      name: 'gaitway_http_request_seconds',
      help: 'Time from request to answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    problems: new Counter({ name: 'gaitway_http_problems_total', help: 'Refused requests by code.', labelNames: ['code'], registers }),
  };
}
