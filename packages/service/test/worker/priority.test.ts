import { once } from 'node:events';
import { getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { forkIsolated } from '../../src/isolation.ts';

const ENTRY = fileURLToPath(new URL('./tell-priority.mjs', import.meta.url));

it.each([0, 10])('a child stands back by %i, and sees nothing of our environment', async (niceness) => {
  const child = forkIsolated(ENTRY, { environment: { ONLY: 'this' }, maxHeapMiB: 64, niceness });
  child.send('tell');
  const [told] = await once(child, 'message');
  // Who stands back already does not push forward.
  expect(told.niceness).toBe(Math.max(getPriority(), niceness));
  expect(told.variables.filter((name: string) => !name.startsWith('NODE_CHANNEL'))).toEqual(['ONLY']);
});
