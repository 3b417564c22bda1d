import { expect, test } from 'vitest';
import { parseSubmitArguments } from '../../src/service/submit-arguments.ts';

const parse = (line: string, variables: Record<string, string> = {}) => parseSubmitArguments(line.split(' '), variables);

test('a whole command line becomes one request', () => {
  const parsed = parse(
    'clips/walk.mp4 --out /tmp/o --server https://mocap.test/ --key sk-a --targets default,unitree_g1 --fps 60 --trim 1.5:4 --height 1.8 --json',
  );
  expect(parsed).toMatchObject({
    outDir: '/tmp/o',
    server: 'https://mocap.test',
    key: 'sk-a',
    json: true,
    request: {
      sourceFilename: 'walk.mp4',
      targetIds: ['default', 'unitree_g1'],
      exportFps: 60,
      trimStartSec: 1.5,
      trimEndSec: 4,
      subjectHeightM: 1.8,
    },
  });
});

test('server and key come from the environment, and an option wins', () => {
  const variables = { GAITWAY_API_KEY: 'sk-env', GAITWAY_SERVER: 'http://env:1' };
  expect(parse('a.mp4 --out o', variables)).toMatchObject({ key: 'sk-env', server: 'http://env:1' });
  expect(parse('a.mp4 --out o --key sk-b --server http://b:2', variables)).toMatchObject({ key: 'sk-b', server: 'http://b:2' });
});

test('an open trim keeps the other end open', () => {
  expect(parse('a.mp4 --out o --key k --trim :3').request).toMatchObject({ trimEndSec: 3 });
  expect(parse('a.mp4 --out o --key k --trim 2:').request).toEqual({ sourceFilename: 'a.mp4', targetIds: ['default'], trimStartSec: 2 });
});

test.each([
  ['--out o --key k', /Name a video/],
  ['a.mp4 b.mp4 --out o --key k', /second one/],
  ['a.mp4 --key k', /--out/],
  ['a.mp4 --out o', /GAITWAY_API_KEY/],
  ['a.mp4 --out o --key k --server ftp://x', /http/],
  ['a.mp4 --out o --key k --fps many', /number/],
  ['a.mp4 --out o --key k --trim 3', /START:END/],
])('%s: a sentence', (line, sentence) => {
  expect(() => parse(line)).toThrow(sentence);
});
