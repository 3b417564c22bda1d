/** What the API process and its worker child say to each other over the IPC channel. */
import type { Config } from '../config/config.ts';

export type ToWorker =
  | { readonly type: 'start'; readonly config: Config; readonly connectionString: string }
  /** Hand running jobs back and exit. */
  | { readonly type: 'stop' };

export type FromWorker = { readonly type: 'ready' } | { readonly type: 'failed'; readonly message: string };
