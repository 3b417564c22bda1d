import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Db } from '../database/schema.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Probe } from './probe.ts';

/** What the operations on jobs work with. */
export interface JobsContext {
  readonly db: Db;
  readonly boss: PgBoss;
  readonly objects: ObjectStore;
  readonly config: Config;
  readonly probe: Probe;
  readonly log: Logger;
}
