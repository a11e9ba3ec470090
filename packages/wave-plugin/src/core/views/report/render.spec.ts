import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { amount, code, mapTexts, plain, type ReportBlock } from './block';
import { escapeHtml } from './escape-html';
import { renderDiff } from './render-diff';
import { renderHtml } from './render-html';
import { renderMarkdown } from './render-markdown';

/** Texts as an agent might choose them to be more than text. */
const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(...'<>&"\'`|*_[]()!#@~\\\n\r\t -+=:/ab1') }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '</pre></details><img src=x onerror=alert(1)>',
    '![x](https://example.test/pixel.png)',
    '```\n# heading\n',
    '| a | b |\n| --- | --- |',
    '@ada please look, #12',
    '\u202egnp.exe',
    '\u001b[2J',
  ),
);
const everywhere = (text: string): ReportBlock[] => [
  { kind: 'heading', level: 1, text },
  { kind: 'paragraph', spans: [plain(text), code(text)] },
  { kind: 'list', items: [[plain(text)], [code(text)]] },
  { kind: 'table', head: ['a', 'b'], rows: [[plain(text), code(text)]] },
  { kind: 'fold', title: text, text },
  { kind: 'banner', tone: 'bad', answer: text, why: [plain(text)], next: text },
  { kind: 'tiles', tiles: [{ label: text, value: [plain(text)] }] },
  { kind: 'group', title: text, blocks: [{ kind: 'file', path: text, about: text, text: null, note: text }] },
  { kind: 'file', path: text, about: text, text: `@@ -1 +1 @@\n-${text}\n+${text}`, note: text },
  { kind: 'timeline', rows: [{ label: text, words: text, bars: [{ fromMs: 0, toMs: 1, kind: 'working' }] }] },
];

describe('a report as HTML', () => {
  /** Without the script, whose text is no markup, and without what differs by the words alone: addresses and marks. */
  const bodyTags = (text: string) =>
    (renderHtml(text, everywhere(text)).split('<script>')[0] ?? '')
      .match(/<[^>]*>/g)
      ?.filter((tag) => !/^<\/?(span|mark)/.test(tag))
      .map((tag) => tag.replace(/ (id|href)="[^"<>]*"/, '').replace(/ class="(long|short)"/, ''));

  it('has the same elements whatever the texts are', () => {
    const safe = bodyTags('a');
    fc.assert(
      fc.property(hostile, (text) => {
        const spans = bodyTags(text);
        expect(spans).toEqual(safe);
      }),
      { numRuns: 60 },
    );
  });

  it('loads nothing, and runs its own script alone', () => {
    const html = renderHtml('x', everywhere('<script src="https://example.test/x.js"></script>'));
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const inside = (tag: string) => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)?.[1] ?? '';
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy).toBe(
      `default-src 'none'; style-src ${hash(inside('style'))}; script-src ${hash(inside('script'))}; base-uri 'none'; form-action 'none'`,
    );
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/<link|<img|<iframe|<object|<[^>]*\s(src|on\w+|style|formaction)=/i);
    expect([...html.matchAll(/href="([^"]*)"/g)].every(([, to = '']) => /^#[a-z0-9-]+$/.test(to))).toBe(true);
  });

  it('can be read without its script: what needs it is hidden', () => {
    const html = renderHtml('x', [{ kind: 'heading', level: 2, text: 'What it changes: 1 path' }]);
    expect(html).toContain('<div class="find" hidden>');
    expect(html).toContain('<a href="#what-it-changes">What it changes: 1 path</a>');
  });

  it('gives every heading an address of its own', () => {
    const heading = { kind: 'heading', level: 2, text: 'Report' } as const;
    const ids = [
      ...renderHtml('x', [{ ...heading }, { ...heading }, { ...heading, text: '!' }]).matchAll(
        / id="([^"]*)"/g,
      ),
    ];
    expect(new Set(ids.map(([, id]) => id)).size).toBe(ids.length);
  });

  it('shows what would turn the text around or steer a terminal as signs', () => {
    const html = renderHtml('x', everywhere('a\u202eb\u200fc\u001b[2J'));
    for (const sign of ['\u202e', '\u200f', '\u001b']) expect(html).not.toContain(sign);
    expect(html).toContain('a\ufffdb\ufffdc\ufffd[2J');
  });

  it('numbers and marks the lines of a diff, and within a changed line what changed', () => {
    const text = ['diff --git a/x b/x', '@@ -7,2 +7,2 @@', '-old <b> value', '+new <b> value', ' same'].join(
      '\n',
    );
    const html = renderDiff(text);
    expect(html.split('\n')).toEqual([
      '<span class="l head">diff --git a/x b/x</span>',
      '<span class="l hunk">@@ -7,2 +7,2 @@</span>',
      '<span class="l removed" data-n="7">-<mark>old</mark> &lt;b&gt; value</span>',
      '<span class="l added" data-n="7">+<mark>new</mark> &lt;b&gt; value</span>',
      '<span class="l same" data-n="8"> same</span>',
    ]);
  });

  it('loses no letter of a diff, and takes none apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const lines = ['@@ -1 +1 @@', ...[`-${before}`, `+${after}`].map((line) => line.replace(/\n/g, ' '))];
        const html = renderDiff(lines.join('\n'));
        expect(html.replace(/<[^>]*>/g, '')).toBe(lines.map(escapeHtml).join('\n'));
        expect(html).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
      }),
    );
  });

  it('aligns amounts', () => {
    expect(renderHtml('x', [{ kind: 'table', head: ['cost'], rows: [[amount('$1')]] }])).toContain(
      '<td class="number">$1</td>',
    );
  });
});

describe('a report as markdown', () => {
  it('has the same lines outside of folds whatever the texts are', () => {
    const shape = (text: string) =>
      renderMarkdown(everywhere(text).slice(0, 4))
        .split('\n')
        .map((line) => (/^(# |- |\| ---|\|)/.exec(line) ?? [''])[0]);
    const safe = shape('a');
    fc.assert(fc.property(hostile, (text) => expect(shape(`a${text}`)).toEqual(safe)));
  });

  it('keeps every cell of a row in its column', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const row = renderMarkdown([{ kind: 'table', head: ['a', 'b'], rows: [[plain(text), code(text)]] }])
          .trimEnd()
          .split('\n')
          .at(-1);
        expect(row?.match(/(?<!\\)\|/g)).toHaveLength(3);
      }),
    );
  });

  it('lets nothing be markup, a mention or a link to an issue', () => {
    const text = renderMarkdown([
      { kind: 'paragraph', spans: [plain('<img src=x> @ada #12 ![p](u) **b** `c`')] },
    ]);
    expect(text).toBe('&lt;img src=x&gt; @&#8288;ada #&#8288;12 \\!\\[p\\](u) \\*\\*b\\*\\* \\`c\\`\n');
  });

  it('fences a text so that the text cannot end the fence', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = renderMarkdown([{ kind: 'fold', title: 't', text }]).split('\n');
        const fence = /^`+/.exec(lines[2] ?? '')?.[0] ?? '';
        const closing = lines.filter((line) => line.trim().startsWith(fence) && /^\s*`+\s*$/.test(line));
        expect(closing).toHaveLength(1);
      }),
    );
  });

  it('fits into the text of a pull request, whatever there is to say, and says what is left out', () => {
    const rows = Array.from({ length: 3_000 }, (_, at): ReportBlock => ({
      kind: 'file',
      path: `src/${at}.ts`,
      about: 'new',
      text: '+x'.repeat(200),
      note: null,
    }));
    const sections = Array.from({ length: 40 }, (_, at): ReportBlock[] => [
      { kind: 'heading', level: 2, text: `Part ${at}` },
      { kind: 'list', items: Array.from({ length: 500 }, () => [plain('word '.repeat(40))]) },
    ]);
    for (const blocks of [rows, sections.flat(), [...rows, ...sections.flat()]]) {
      const text = renderMarkdown([{ kind: 'heading', level: 1, text: 'wave-3' }, ...blocks]);
      expect(text.length).toBeLessThanOrEqual(65_536);
      expect(text).toMatch(/^# wave-3/);
      expect(text).toMatch(/more in the HTML report|does not fit here/);
      expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    }
  });

  it('gives a code span as many backticks as it takes', () => {
    expect(renderMarkdown([{ kind: 'paragraph', spans: [code('a``b'), plain(' '), code('`c')] }])).toBe(
      '```a``b``` `` `c ``\n',
    );
  });
});

describe('mapTexts', () => {
  it('reaches every text that an agent could have written', () => {
    const changed = JSON.stringify(
      mapTexts(everywhere('secret'), (text) => text.replaceAll('secret', '***')),
    );
    expect(changed).not.toContain('secret');
  });
});
