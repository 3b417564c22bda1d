import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

async function offenders(folder: string, pattern: RegExp): Promise<string[]> {
  const names = (await readdir(join(SRC, folder), { recursive: true })).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(names.map(async (name) => [name, await readFile(join(SRC, folder, name), 'utf8')] as const));
  return texts.filter(([, text]) => pattern.test(text)).map(([name]) => name);
}

it('http knows no SQL', async () => {
  expect(await offenders('http', /from 'kysely'|\b(selectFrom|insertInto|updateTable|deleteFrom|transaction)\(/)).toEqual([]);
});

it('nothing reads the environment', async () => {
  expect((await offenders('.', /process\.env/)).filter((name) => !name.startsWith('embedded-postgres'))).toEqual([]);
});

it('files are small', async () => {
  expect(await offenders('.', /^(?:.*\n){401}/)).toEqual([]);
});
