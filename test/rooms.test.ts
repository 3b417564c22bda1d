import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Which room may import which: the arrow never points back up. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  motion: [],
  formats: ['motion'],
  capture: ['motion'],
  preview: ['motion'],
  targets: ['motion', 'formats'],
  pipeline: ['motion', 'capture', 'formats', 'targets', 'preview'],
  service: ['motion', 'formats', 'pipeline'],
  client: [],
  cli: ['motion', 'formats', 'capture', 'targets', 'preview', 'pipeline', 'service', 'client'],
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : path.endsWith('.ts') ? [path] : [];
  });
}

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1]);

describe.each(Object.keys(MAY_IMPORT))('packages/%s', (room) => {
  const files = sources(join(ROOT, 'packages', room, 'src'));
  const found = files.flatMap((file) => importsOf(file).map((target) => ({ file: file.slice(ROOT.length), target })));

  it('imports only the rooms below it, and never through a relative path', () => {
    const wrong = found.filter(({ target }) => {
      const other = /^@gaitway\/([a-z]+)/.exec(target)?.[1];
      return other ? !MAY_IMPORT[room].includes(other) : /(\.\.\/)+(packages|src|dist|test)\//.test(target);
    });
    expect(wrong).toEqual([]);
  });

  it('declares every room it imports as a dependency', () => {
    const declared = Object.keys(
      (JSON.parse(readFileSync(join(ROOT, 'packages', room, 'package.json'), 'utf8')) as { dependencies: object }).dependencies,
    );
    const used = new Set(found.flatMap(({ target }) => /^@gaitway\/[a-z]+/.exec(target)?.[0] ?? []));
    expect([...used].filter((name) => !declared.includes(name))).toEqual([]);
  });
});

describe('rules inside rooms', () => {
  const importers = (folder: string): { file: string; target: string }[] =>
    sources(join(ROOT, folder)).flatMap((file) => importsOf(file).map((target) => ({ file: file.slice(ROOT.length), target })));

  it('a target never imports another target', () => {
    const folders = readdirSync(join(ROOT, 'packages/targets/src')).filter((name) => !name.includes('.'));
    const crossing = folders.flatMap((own) =>
      importers(`packages/targets/src/${own}`).filter(({ target }) =>
        folders.some((other) => other !== own && target.includes(`/${other}/`)),
      ),
    );
    expect(crossing).toEqual([]);
  });

  it('http never touches SQL', () => {
    expect(importers('packages/service/src/http').filter(({ target }) => /^(pg|kysely)/.test(target))).toEqual([]);
  });

  it('only the command line and the config read settings from the environment', () => {
    const readers = Object.keys(MAY_IMPORT)
      .flatMap((room) => sources(join(ROOT, 'packages', room, 'src')))
      .filter((file) => /process\.env\.(?!PATH\b|SystemRoot\b)/.test(readFileSync(file, 'utf8')))
      .map((file) => file.slice(ROOT.length))
      .filter((file) => !/^packages\/(cli\/src|service\/src\/config)\//.test(file));
    expect(readers).toEqual([]);
  });
});
