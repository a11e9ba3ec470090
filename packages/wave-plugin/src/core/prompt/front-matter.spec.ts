import { withoutFrontMatter } from './front-matter';

describe('withoutFrontMatter', () => {
  it.each([
    ['takes it away, and the empty lines after it', '---\nname: a\n---\n\n# A\n', '# A\n'],
    ['takes it away with line ends of Windows', '---\r\nname: a\r\n---\r\n# A\r\n', '# A\r\n'],
    ['leaves a text without any', '# A\n\n---\n\nmore\n---\n', '# A\n\n---\n\nmore\n---\n'],
    ['leaves one that never ends', '---\nname: a\n', '---\nname: a\n'],
  ])('%s', (_, before, after) => {
    expect(withoutFrontMatter(before)).toBe(after);
  });
});
