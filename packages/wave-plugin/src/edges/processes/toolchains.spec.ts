import { findToolchains, setByPerson, toolchains } from './toolchains';

const look = (env: Record<string, string>, ...there: string[]) =>
  findToolchains(env, (path) => Promise.resolve(there.includes(path)));

describe('findToolchains', () => {
  it('names the folders that are there, by the variable of each tool', async () => {
    const env = { HOME: '/people/ada' };
    const { shared } = await look(
      env,
      '/people/ada/.rustup',
      '/people/ada/.pyenv',
      '/people/ada/Library/Caches/pip',
    );
    expect(shared).toEqual({
      PIP_CACHE_DIR: '/people/ada/Library/Caches/pip',
      PYENV_ROOT: '/people/ada/.pyenv',
      RUSTUP_HOME: '/people/ada/.rustup',
    });
  });

  it('takes what the person has set as it is, there or not', async () => {
    const env = { HOME: '/people/ada', RUSTUP_HOME: '/opt/rustup', PLAYWRIGHT_BROWSERS_PATH: '0' };
    const { shared } = await look(env, '/people/ada/.rustup');
    expect(shared).toEqual({ RUSTUP_HOME: '/opt/rustup', PLAYWRIGHT_BROWSERS_PATH: '0' });
    expect(setByPerson(env)).toEqual(shared);
  });

  it('shares parts of folders that hold more than downloads, wherever they are', async () => {
    const env = { HOME: '/people/ada', CARGO_HOME: '/opt/cargo' };
    const found = await look(
      env,
      '/opt/cargo/registry',
      '/opt/cargo/credentials.toml',
      '/people/ada/.gradle/wrapper',
    );
    expect(found.shared).toEqual({});
    expect(found.private['CARGO_HOME']).toEqual([{ part: 'registry', target: '/opt/cargo/registry' }]);
    expect(found.private['GRADLE_USER_HOME']).toEqual([]);
  });

  it('gives a private folder where there is nothing to share, and to no version manager', async () => {
    const found = await look({ HOME: '/people/ada' });
    expect(Object.keys(found.private)).toContain('npm_config_cache');
    expect(Object.keys(found.private)).not.toContain('NVM_DIR');
    expect(await look({})).toMatchObject({ shared: {}, files: [] });
  });

  it('looks where the person keeps XDG folders', async () => {
    const env = { HOME: '/people/ada', XDG_CACHE_HOME: '/big/cache' };
    const { shared } = await look(env, '/big/cache/uv', '/people/ada/.cache/pip');
    expect(shared).toEqual({ UV_CACHE_DIR: '/big/cache/uv' });
  });

  it('copies the file of versions that asdf reads', async () => {
    const { files } = await look({ HOME: '/people/ada' }, '/people/ada/.tool-versions');
    expect(files).toEqual([{ name: '.tool-versions', from: '/people/ada/.tool-versions' }]);
  });

  it('looks once for an environment', async () => {
    const isThere = jest.fn(() => Promise.resolve(false));
    const env = { HOME: '/people/ada' };
    await findToolchains(env, isThere);
    const looks = isThere.mock.calls.length;
    await findToolchains(env, isThere);
    expect(isThere).toHaveBeenCalledTimes(looks);
  });
});

describe('the table of toolchains', () => {
  it('has each variable once, in order', () => {
    const names = toolchains.map(({ variable }) => variable);
    expect(names).toEqual([...new Set(names)].sort());
  });
});
