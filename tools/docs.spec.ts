import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { failureCodes } from '@nx-wave/schemas/plain';
import { pages, textOf } from './documented/pages';

const root = resolve(__dirname, '..');

/** Anchors of the headings of a page, as forges make them. */
function anchorsOf(text: string): string[] {
  return [...text.replace(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages)('%s', (page) => {
  const text = textOf(page);

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe('docs/guides/troubleshooting.md', () => {
  it('explains codes that there are', () => {
    const codes = [...textOf('docs/guides/troubleshooting.md').matchAll(/^\| `([a-z-]+)`/gm)].map(
      ([, code = '']) => code,
    );
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !(code in failureCodes))).toEqual([]);
  });
});
