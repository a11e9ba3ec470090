import { err, failure, ok } from '@nx-wave/schemas/plain';
import { failureOfText, guardIo } from './io-failure';

const errno = (code: string) =>
  Object.assign(new Error(`${code}: no`), { code, syscall: 'open', path: '/p' });

describe('an error of the operating system', () => {
  it.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EACCES', 'state-unwritable'],
    ['EROFS', 'state-unwritable'],
    ['EIO', 'state-unwritable'],
    ['EMFILE', 'state-unwritable'],
    ['EISDIR', 'checkout-failed'],
  ])('%s becomes the failure %s', async (code, expected) => {
    const result = await guardIo('checkout-failed', 'making a checkout', () => Promise.reject(errno(code)));
    expect(result).toMatchObject({ ok: false, error: { code: expected } });
    expect(result.ok ? '' : result.error.message).toContain('making a checkout');
  });

  it('is told from a bug, which stays thrown', async () => {
    await expect(guardIo('git-failed', 'x', () => Promise.reject(new TypeError('bug')))).rejects.toThrow(
      'bug',
    );
    expect(await guardIo('git-failed', 'x', async () => ok(1))).toEqual(ok(1));
    const refused = err(failure('unmerged-index', 'm'));
    expect(await guardIo('git-failed', 'x', async () => refused)).toEqual(refused);
  });

  it.each([
    ['error: file write error: No space left on device\nfatal: x', 'disk-full'],
    ["fatal: could not open '/x': Read-only file system", 'state-unwritable'],
    ['error: unable to read x: Input/output error', 'state-unwritable'],
    ["fatal: unable to open '/x': Too many open files", 'state-unwritable'],
    ['fatal: bad revision', undefined],
  ])('is found in what git says: %j', (text, code) => {
    expect(failureOfText(text)?.code).toBe(code);
  });
});
