import { readVariable } from './variables';

describe('readVariable', () => {
  it.each([
    ['DATABASE_URL', { name: 'DATABASE_URL', value: null }],
    ['A=', { name: 'A', value: '' }],
    ['A=b=c d', { name: 'A', value: 'b=c d' }],
    ['NODE_OPTIONS=--no-warnings', { name: 'NODE_OPTIONS', value: '--no-warnings' }],
    ['CARGO_HOME', { name: 'CARGO_HOME', value: null }],
  ])('reads %s', (text, variable) => {
    expect(readVariable(text)).toEqual(variable);
  });

  it.each(['', '=a', 'A B', '1A', 'A\n=b', 'HOME=/root', 'PATH', 'NX_DAEMON=true', 'WAVE_ROLE', 'A=\0'])(
    'refuses %j, and what the runner sets',
    (text) => {
      expect(readVariable(text)).toBeNull();
    },
  );

  it.each(['NODE_OPTIONS', 'npm_config_registry', 'GIT_DIR'])(
    'refuses %s of an outer run, which would never arrive',
    (text) => {
      expect(readVariable(text)).toBeNull();
    },
  );
});
