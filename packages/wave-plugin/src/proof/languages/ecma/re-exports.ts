import { type FunctionPlace } from '../../contracts';
import { withoutThoseBefore } from './functions';
import { type Dialect } from './dialect';
import { shapeOf } from './shape';
import { isNode, type Edit, type Node } from './tree';

interface ReExport extends FunctionPlace {
  passesOn: true;
  declaration: Node;
  specifier: Node;
  shape: string;
}

/** `export { a, b as c } from './d'`, name by name; types and `export *` have nothing that could be taken out. */
function reExportsOf(program: Node): ReExport[] {
  const body = program['body'] as Node[];
  return body
    .filter(
      (node) =>
        node.type === 'ExportNamedDeclaration' && isNode(node['source']) && node['exportKind'] !== 'type',
    )
    .flatMap((declaration) =>
      (declaration['specifiers'] as Node[])
        .filter((one) => one.type === 'ExportSpecifier' && one['exportKind'] !== 'type')
        .map((specifier) => ({
          declaration,
          specifier,
          name: nameIn(specifier['exported'] as Node),
          line: specifier.loc.start.line,
          passesOn: true as const,
          shape: `${shapeOf(specifier)} from ${shapeOf(declaration['source'])}`,
        })),
    );
}

function nameIn(node: Node): string {
  return String(node['name'] ?? node['value']);
}

/** Every changed re-export is a value that is undefined; the others of its declaration stay. */
export function hollowReExports(
  { program, text, before }: { program: Node; text: string; before: readonly Node[] },
  { anything }: Pick<Dialect, 'anything'>,
  wanted: (place: FunctionPlace) => boolean,
): { edits: Edit[]; functions: FunctionPlace[] } {
  const changed = withoutThoseBefore(reExportsOf(program), before.flatMap(reExportsOf)).filter(wanted);
  const edits = [...new Set(changed.map(({ declaration }) => declaration))].map((declaration): Edit => {
    const mine = changed.filter((one) => one.declaration === declaration);
    const gone = new Set(mine.map(({ specifier }) => specifier));
    const stay = (declaration['specifiers'] as Node[]).filter((one) => !gone.has(one));
    const source = declaration['source'] as Node;
    const kept = stay.map(({ start, end }) => text.slice(start, end)).join(', ');
    const from = stay.length === 0 ? '' : `export { ${kept} } from ${text.slice(source.start, source.end)}; `;
    const taken = mine.map(({ specifier }, at) => {
      const exported = specifier['exported'] as Node;
      const local = `hollow${declaration.start}n${at}`;
      return `const ${local} = ${anything}; export { ${local} as ${text.slice(exported.start, exported.end)} };`;
    });
    return { start: declaration.start, end: declaration.end, text: `${from}${taken.join(' ')}` };
  });
  return { edits, functions: changed.map(({ name, line, passesOn }) => ({ name, line, passesOn })) };
}
