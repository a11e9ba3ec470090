import { promises as fs } from 'node:fs';
import { failureOfThrown } from './io-errors';

const ofSystem = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: it happened`), { code, syscall: 'open', ...(path && { path }) });

it.each([
  ['ENOSPC', 'disk-full', /no space/],
  ['EDQUOT', 'disk-full', /no space/],
  ['EROFS', 'state-unwritable', /Make the folder writable/],
  ['EIO', 'state-unwritable', /Look at the disk/],
  ['EMFILE', 'state-unwritable', /ulimit -n/],
])('an operating system that answers %s is no defect of ours: %s', (code, expected, said) => {
  const thrown = failureOfThrown(ofSystem(code, '/somewhere/file'));
  expect(thrown).toMatchObject({ code: expected, place: { path: '/somewhere/file' } });
  expect(`${thrown.message} ${thrown.next ?? ''}`).toMatch(said);
  expect(failureOfThrown(ofSystem(code)).code).toBe(expected);
});

it('whatever else is thrown is one, with the place in the code', async () => {
  const absent = await fs.readFile('/there/is/no/such/file').catch((error: unknown) => error);
  for (const thrown of [absent, new TypeError('undefined is no function'), 'a text'])
    expect(failureOfThrown(thrown)).toMatchObject({ code: 'internal-error' });
  expect(failureOfThrown(new Error('here')).message).toContain('io-errors.spec.ts');
});
