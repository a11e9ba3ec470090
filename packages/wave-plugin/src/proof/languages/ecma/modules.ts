import { type ImportedModule, type ModuleFacts } from '../../contracts';
import { childrenOf, isNode, type Node } from './tree';

/** What a program imports by declaration, and which names it exports. `require` and `import()` may be there to fail, and are left out. */
export function modulesOf(program: Node): ModuleFacts {
  const body = program['body'] as Node[];
  return { imports: body.flatMap(importsOf), exports: exportsOf(body) };
}

function importsOf(node: Node): ImportedModule[] {
  const source = node['source'];
  if (!isNode(source) || typeof source['value'] !== 'string') return [];
  const specifiers = (node['specifiers'] as Node[] | undefined) ?? [];
  const names = specifiers.flatMap((one) => {
    if (one.type === 'ImportDefaultSpecifier') return ['default'];
    if (one.type === 'ImportSpecifier') return [nameIn(one['imported'])];
    return one.type === 'ExportSpecifier' ? [nameIn(one['local'])] : [];
  });
  return [{ specifier: source['value'], line: source.loc.start.line, names }];
}

/** Null where names come from another module, or by other ways than `export`. */
function exportsOf(body: readonly Node[]): string[] | null {
  const names: string[] = [];
  for (const node of body) {
    if (isUntold(node)) return null;
    if (node.type === 'ExportDefaultDeclaration') names.push('default');
    if (node.type !== 'ExportNamedDeclaration') continue;
    const { declaration } = node;
    const exported = (node['specifiers'] as Node[]).map((one) => nameIn(one['exported']));
    names.push(...exported, ...(isNode(declaration) ? declaredNames(declaration) : []));
  }
  return names.length === 0 ? null : names;
}

function isUntold(node: Node): boolean {
  if (node.type === 'TSImportEqualsDeclaration') return node['isExport'] === true;
  return /^(ExportAllDeclaration|TSExportAssignment|DeclareExport)/.test(node.type);
}

function declaredNames(node: Node): string[] {
  const { id } = node;
  if (isNode(id)) return boundNames(id);
  return ((node['declarations'] as Node[] | undefined) ?? []).flatMap((one) =>
    isNode(one['id']) ? boundNames(one['id']) : [],
  );
}

/** `a` and `b` of `{ a, c: [b] }`. A default value may add a name too many, which hides an import that is broken. */
function boundNames(pattern: Node): string[] {
  if (pattern.type === 'Identifier') return [nameIn(pattern)];
  return childrenOf(pattern).flatMap(({ child }) => boundNames(child));
}

function nameIn(node: unknown): string {
  return isNode(node) ? String(node['name'] ?? node['value']) : '';
}
