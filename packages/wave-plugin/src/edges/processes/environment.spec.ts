import { agentEnvironment, isInside } from './environment';

const nothing = { allow: [], adapterNames: [], set: {} };

describe('agentEnvironment', () => {
  it('takes over what every program needs and nothing else', () => {
    const base = {
      PATH: '/usr/bin:/bin',
      HOME: '/people/ada',
      LC_ALL: 'C.UTF-8',
      https_proxy: 'http://proxy',
      NO_PROXY: 'localhost',
      SSL_CERT_FILE: '/certs.pem',
      AWS_SECRET_ACCESS_KEY: 'secret',
      SOME_TOKEN: 'secret',
    };
    expect(Object.keys(agentEnvironment(base, nothing)).sort()).toEqual(
      ['HOME', 'LC_ALL', 'NO_PROXY', 'PATH', 'SSL_CERT_FILE', 'https_proxy'].sort(),
    );
  });

  it('adds the names of the program and of the configuration', () => {
    const base = { PATH: '/bin', VENDOR_KEY: 'k', DATABASE_URL: 'd', OTHER: 'o' };
    expect(
      agentEnvironment(base, { allow: ['DATABASE_URL'], adapterNames: ['VENDOR_KEY'], set: {} }),
    ).toEqual({
      PATH: '/bin',
      VENDOR_KEY: 'k',
      DATABASE_URL: 'd',
    });
  });

  it.each([
    'NX_TASK_HASH',
    'LERNA_PACKAGE_NAME',
    'npm_config_registry',
    'FORCE_COLOR',
    'GIT_DIR',
    'WAVE_AGENT_ID',
    'NODE_OPTIONS',
  ])('never takes over %s, even when the configuration names it', (name) => {
    expect(agentEnvironment({ PATH: '/bin', [name]: 'x' }, { ...nothing, allow: [name] })).toEqual({
      PATH: '/bin',
    });
  });

  it('lets the runner set anything', () => {
    expect(
      agentEnvironment({ PATH: '/bin' }, { ...nothing, set: { GIT_CONFIG_GLOBAL: '/dev/null' } }),
    ).toEqual({
      PATH: '/bin',
      GIT_CONFIG_GLOBAL: '/dev/null',
    });
  });

  it('puts the PATH of the checkout first and drops package binaries and relative entries of the user', () => {
    const base = { PATH: '/ws/node_modules/.bin:/usr/bin::.:bin:/ws/a/node_modules/.bin/:/bin' };
    const env = agentEnvironment(base, { ...nothing, set: { PATH: '/checkout/node_modules/.bin' } });
    expect(env.PATH).toBe('/checkout/node_modules/.bin:/usr/bin:/bin');
  });
});

describe('isInside', () => {
  it.each([
    ['/a', '/a', true],
    ['/a', '/a/b', true],
    ['/a', '/a/..b', true],
    ['/a', '/ab', false],
    ['/a', '/', false],
    ['/a', '/b', false],
  ])('of %s: %s is %s', (folder, path, inside) => {
    expect(isInside(folder, path)).toBe(inside);
  });
});
