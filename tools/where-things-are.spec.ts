// Tests docs/architecture.md, .dependency-cruiser.cjs and the places of specs.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const root = join(__dirname, '..');
const source = join(root, 'packages', 'wave-plugin', 'src');
const architecture = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');

/** Words in backticks that are a path: of the plugin's sources, or from the root of the repository. */
function pathsIn(text: string): string[] {
  const words = [...text.matchAll(/`([\w./-]+)`/g)].map(([, word]) => word ?? '');
  // Of a wave's state, not of the repository.
  const ofState = /^(\.tmp|nx-wave|handoff|results|gates\/wave|closure|status|docs\/plans)\b/;
  return words.filter(
    (word) => (/\.(ts|md|cjs|mjs)$/.test(word) || word.includes('/')) && !ofState.test(word),
  );
}

const exists = (path: string) => existsSync(join(source, path)) || existsSync(join(root, path));

describe('docs/architecture.md', () => {
  it('names paths that exist, and many of them', () => {
    const paths = pathsIn(architecture);
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter((path) => !exists(path))).toEqual([]);
  });

  it('has a row for every room of the engine, in the order in which they may import', () => {
    const rows = [...architecture.matchAll(/^\| `engine\/(\w+)`/gm)].map(([, room]) => room);
    const checked = /engineRooms = \[([^\]]*)\]/.exec(
      readFileSync(join(root, '.dependency-cruiser.cjs'), 'utf8'),
    );
    expect(rows).toEqual((checked?.[1] ?? '').split(',').map((room) => room.replace(/\W/g, '')));
    const folders = readdirSync(join(source, 'engine'), { withFileTypes: true });
    expect([...rows].sort()).toEqual(
      folders
        .filter((one) => one.isDirectory())
        .map(({ name }) => name)
        .sort(),
    );
  });
});

describe('a spec of the engine and of the executors', () => {
  const specs = ['engine', 'executors'].flatMap((folder) =>
    readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.spec.ts'))
      .map((path) => join(folder, path)),
  );

  it.each(specs)(
    '%s stands beside its file, or names the files that it is about in its first line',
    (spec) => {
      const own = `${basename(spec).replace(/(\.slow)?(\.e2e)?\.spec\.ts$/, '')}.ts`;
      if (existsSync(join(source, dirname(spec), own))) return;
      const [first = ''] = readFileSync(join(source, spec), 'utf8').split('\n');
      const named = first.startsWith('//') ? (first.match(/[\w./-]+\.ts\b/g) ?? []) : [];
      expect(named).not.toEqual([]);
      const places = [source, join(source, dirname(spec))];
      expect(named.filter((path) => !places.some((place) => existsSync(join(place, path))))).toEqual([]);
    },
  );
});
