import { parseArgs } from 'node:util';
import type { Config } from '@gaitway/service/config/config';
import type { Db } from '@gaitway/service/database/schema';
import type { JobsContext } from '@gaitway/service/jobs/context';
import { UsageError } from '../../command.ts';

/** What an action of `gaitway admin` works with: the same modules as the server, none of its HTTP. */
export interface AdminContext {
  readonly config: Config;
  readonly db: Db;
  readonly jobs: JobsContext;
}

/** What it answers: rows become a table (or JSON with --json), text is printed as it is. */
export interface Outcome {
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  readonly text?: string;
  /** Exit code; default 0. */
  readonly code?: number;
}

export interface Action {
  /** As typed after `gaitway admin`. */
  readonly usage: string;
  readonly summary: string;
  readonly run: (context: AdminContext, args: readonly string[]) => Promise<Outcome>;
}

type Options = Record<string, { type: 'string' | 'boolean'; default?: string | boolean }>;

type ValueOf<O extends Options[string]> = O['type'] extends 'boolean' ? boolean : string;

export interface Parsed<T extends Options> {
  readonly values: { readonly [K in keyof T]: T[K] extends { default: unknown } ? ValueOf<T[K]> : ValueOf<T[K]> | undefined };
  readonly positionals: readonly string[];
}

/** Exactly the positional arguments that are named, and the options. */
export function parseAction<const T extends Options>(args: readonly string[], names: readonly string[], options: T): Parsed<T> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  if (positionals.length < names.length)
    throw new UsageError(`${names[positionals.length]} is missing; gaitway help admin shows the form.`);
  if (positionals.length > names.length) throw new UsageError(`"${positionals[names.length]}" is one argument too many.`);
  // The same type; the library's has a name that a declaration cannot spell.
  return { values: values as unknown as Parsed<T>['values'], positionals };
}

export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new UsageError(`${name} takes a whole number from ${min} to ${max}, not "${text}".`);
  return value;
}

export function oneOf<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new UsageError(`${name} is one of ${allowed.join(', ')}, not "${text}".`);
  return found;
}

export async function requireAccount(db: Db, accountId: string): Promise<void> {
  const row = await db.selectFrom('accounts').select('id').where('id', '=', accountId).executeTakeFirst();
  if (row === undefined) throw new UsageError(`There is no account "${accountId}"; gaitway admin accounts list shows them.`);
}
