import { withBaseConfig, withoutNewSettings } from './base-config';

const json = (value: unknown) => JSON.stringify(value);

describe('the configuration of the base, put back', () => {
  it('is the file of the base', () => {
    expect(withBaseConfig('jest.config.js', 'base', 'edited')).toBe('base');
    expect(withBaseConfig('jest.config.js', 'base', null)).toBe('base');
    expect(withBaseConfig('jest.config.js', 'base', 'base')).toBeNull();
  });

  it('keeps new dependencies and new scripts of a package', () => {
    const base = { scripts: { test: 'jest' }, jest: { bail: true } };
    const now = { scripts: { test: 'true', check: 'node x' }, dependencies: { a: '1' }, jest: {} };
    expect(JSON.parse(withBaseConfig('a/package.json', json(base), json(now)) ?? '')).toEqual({
      scripts: { test: 'jest', check: 'node x' },
      dependencies: { a: '1' },
      jest: { bail: true },
    });
  });

  it.each([
    [{ scripts: { test: 'jest' } }, { scripts: { test: 'jest', more: 'x' }, dependencies: { a: '1' } }],
    [{}, { scripts: { test: 'jest' }, jest: {} }],
  ])('leaves a package alone that changes nothing the base has: %j %j', (base, now) => {
    expect(withBaseConfig('package.json', json(base), json(now))).toBeNull();
  });

  it('takes the base where one of the two is no JSON', () => {
    expect(withBaseConfig('package.json', '{}', '{')).toBe('{}');
  });
});

it('takes settings of runners out of a package that the base does not have', () => {
  const jest = { testPathIgnorePatterns: ['slow'] };
  const now = JSON.stringify({ name: 'a', jest });
  const plain = `{\n  "name": "a"\n}\n`;
  expect(withoutNewSettings('package.json', '{}', now)).toBe(plain);
  expect(withoutNewSettings('package.json', JSON.stringify({ jest: {} }), now)).toBeNull();
  expect(withoutNewSettings('jest.config.json', '{}', now)).toBeNull();
  expect(withoutNewSettings('package.json', null, now)).toBeNull();
});
