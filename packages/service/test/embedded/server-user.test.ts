import { expect, test } from 'vitest';
import { findNobody } from '../../src/embedded-postgres/server-user.ts';

test('nobody is found by name, whatever its number', () => {
  expect(findNobody('root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:n:/:/bin/false\n')).toEqual({ uid: 65534, gid: 65533 });
});

test('a passwd file without nobody, or with a broken entry, gives none', () => {
  expect(findNobody('root:x:0:0:root:/root:/bin/sh\n')).toBeNull();
  expect(findNobody('nobody:x:-2:-2:n:/:/bin/false')).toBeNull();
  expect(findNobody('nobody')).toBeNull();
});
