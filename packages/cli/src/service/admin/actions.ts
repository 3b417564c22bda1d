import { accountActions } from './accounts.ts';
import type { Action } from './action.ts';
import { creditActions } from './credits.ts';
import { jobActions } from './jobs.ts';
import { keyActions } from './keys.ts';
import { upkeepActions } from './upkeep.ts';

export const ACTIONS: readonly Action[] = [...accountActions, ...keyActions, ...creditActions, ...jobActions, ...upkeepActions];

/** The lower-case words an action's form begins with: `accounts create`. */
const wordsOf = (action: Action): string[] => action.usage.split(' ').filter((word) => /^[a-z]+$/.test(word));

/** The action that the arguments begin with, and what is left of them. */
export function findAction(args: readonly string[]): { readonly action: Action; readonly rest: readonly string[] } | null {
  for (const action of ACTIONS) {
    const words = wordsOf(action);
    if (words.every((word, at) => args[at] === word)) return { action, rest: args.slice(words.length) };
  }
  return null;
}
