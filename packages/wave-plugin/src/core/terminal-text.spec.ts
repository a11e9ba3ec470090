import fc from 'fast-check';
import { harmless, oneLine, terminalText } from './terminal-text';

describe('a text on its way to a terminal', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a cursor that moves', 'a\u001b[2K\u001b[1Ab', 'ab'],
    ['the title of the window', '\u001b]0;yours\u0007', '\\u001b]0;yours\\u0007'],
    ['the clipboard', '\u001b]52;c;cm0gLXJm\u001b\\', '\\u001b]52;c;cm0gLXJm\\u001b\\'],
    ['the control characters of one byte', '\u009b2Jx\u009d0;y\u009c', '\\u009b2Jx\\u009d0;y\\u009c'],
    ['a line that is written over', 'failed\rpassed', 'failed\\u000dpassed'],
    ['letters in another order', 'abc\u202etxt.exe', 'abc\\u202etxt.exe'],
    ['lines of Windows', 'a\r\nb\tc', 'a\nb\tc'],
  ])('shows %s', (_title, text, shown) => {
    expect(terminalText(text)).toBe(shown);
  });

  it('leaves JSON the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(terminalText(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('holds nothing that steers', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(terminalText(text)).not.toMatch(
          /[^\P{Cc}\n\t]|[\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]/u,
        );
        expect(oneLine(text)).not.toMatch(/\p{Cc}|[\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('keeps every other sign in its place where places count', () => {
    expect(harmless('a\u001b[2J\tb\u202ec')).toBe('a\ufffd[2J\tb\ufffdc');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(harmless(text)).toHaveLength(text.length);
        expect(terminalText(harmless(text))).toBe(harmless(text));
      }),
    );
  });
});
