import fc from 'fast-check';
import { amount, code, mapTexts, plain, type ReportBlock } from './block';
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
];

describe('a report as HTML', () => {
  const tags = (html: string) => html.match(/<[^>]*>/g) ?? [];

  it('has the same elements whatever the texts are', () => {
    const safe = tags(renderHtml('a', everywhere('a')));
    fc.assert(
      fc.property(hostile, (text) => {
        const spans = tags(renderHtml(text, everywhere(text))).filter((tag) => !/^<\/?span/.test(tag));
        expect(spans).toEqual(safe);
      }),
    );
  });

  it('loads and runs nothing', () => {
    const html = renderHtml('x', everywhere('<script src="https://example.test/x.js"></script>'));
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|<[^>]*\s(src|href|on\w+)=/i);
  });

  it('shows what would turn the text around or steer a terminal as signs', () => {
    const html = renderHtml('x', everywhere('a\u202eb\u200fc\u001b[2J'));
    for (const sign of ['\u202e', '\u200f', '\u001b']) expect(html).not.toContain(sign);
    expect(html).toContain('a\ufffdb\ufffdc\ufffd[2J');
  });

  it('marks the lines of a patch and aligns amounts', () => {
    const html = renderHtml('x', [
      { kind: 'fold', title: 'patch', text: 'diff --git a/x b/x\n@@ -1 +1 @@\n-old <b>\n+new\n same' },
      { kind: 'table', head: ['cost'], rows: [[amount('$1')]] },
    ]);
    expect(html).toContain(
      '<span class="removed">-old &lt;b&gt;</span>\n<span class="added">+new</span>\n same',
    );
    expect(html).toContain('<td class="number">$1</td>');
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

  it('gives a code span as many backticks as it takes', () => {
    expect(renderMarkdown([{ kind: 'paragraph', spans: [code('a``b'), plain(' '), code('`c')] }])).toBe(
      '```a``b``` `` `c ``\n',
    );
  });
});

describe('mapTexts', () => {
  it('reaches every text that an agent could have written', () => {
    const changed = JSON.stringify(mapTexts(everywhere('secret'), (text) => text.replace('secret', '***')));
    expect(changed).not.toContain('secret');
  });
});
