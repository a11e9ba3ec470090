import { isMarker } from '../core/verify/documents';

/** Comments of a family of languages; what is left of a text without them is its content. */
interface Comments {
  extensions: readonly string[];
  pattern: RegExp;
}

const families: readonly Comments[] = [
  {
    extensions:
      'js jsx mjs cjs ts tsx mts cts java kt kts go rs c h cc cpp hpp cs swift scala dart php css scss less'.split(
        ' ',
      ),
    // A shebang, and what says nothing in a script either.
    pattern: /^#!.*|\/\*[^]*?\*\/|\/\/.*|^\s*['"]use \w+['"];?|^\s*export\s*\{\s*\};?/gm,
  },
  { extensions: 'py rb sh bash zsh yml yaml toml pl r ex exs tf'.split(' '), pattern: /^\s*#.*/gm },
  { extensions: 'html htm xml svg vue svelte md mdx'.split(' '), pattern: /<!--[^]*?-->/g },
  { extensions: ['sql', 'lua', 'hs'], pattern: /--.*/g },
];

function familyOf(path: string): Comments | undefined {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return families.find(({ extensions }) => extensions.includes(extension));
}

/** False where a text certainly has no comment: of a language that is not known nobody can say. */
export function mayHoldComment(path: string, text: string): boolean {
  const family = familyOf(path);
  return family === undefined || new RegExp(family.pattern.source, family.pattern.flags).test(text);
}

/**
 * True where a text holds nothing but white space and comments. Of a language that is not known, only white space counts. A file
 * that does its work by being there is never blank.
 */
export function isBlankText(path: string, text: string): boolean {
  const family = familyOf(path);
  if (isMarker(path)) return false;
  const content = family === undefined ? text : text.replace(family.pattern, '');
  return content.replace(/^\ufeff/, '').trim() === '';
}
