import { unsupportedMachine } from './supported-machine';

describe('unsupportedMachine', () => {
  it.each(['linux', 'darwin'])('has nothing against %s with node_modules', (platform) => {
    expect(unsupportedMachine({ platform, plugAndPlay: false })).toBeNull();
  });

  it.each([
    ['Windows', { platform: 'win32', plugAndPlay: false }, 'platform-unsupported', /WSL 2/],
    [
      "Plug'n'Play",
      { platform: 'linux', plugAndPlay: true },
      'install-unsupported',
      /nodeLinker: node-modules/,
    ],
  ])('refuses %s with what to do instead', (_, facts, code, next) => {
    expect(unsupportedMachine(facts)).toMatchObject({ code, next: expect.stringMatching(next) as string });
  });
});
