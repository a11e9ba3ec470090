import { isMachineStart } from './machine-start';

describe('a proof command that could not be started', () => {
  it.each([
    ['EMFILE', './check.sh', true],
    ['EAGAIN', 'grep', true],
    ['ENOMEM', '/usr/bin/node', true],
    ['EIO', 'grep', true],
    ['EACCES', 'grep', true],
    ['EPERM', '/usr/bin/node', true],
    ['EACCES', './check.sh', false],
    ['EACCES', 'tools/check.sh', false],
    ['EACCES', '/scratch/checkout/check.sh', false],
    ['EACCES', '/scratch/checkout-of-others/check.sh', true],
    ['ENOENT', 'grep', false],
    ['ENOENT', './check.sh', false],
  ])('for %s of %s tells of the machine: %s', (code, program, isOfMachine) => {
    expect(isMachineStart(code, program, '/scratch/checkout')).toBe(isOfMachine);
  });
});
