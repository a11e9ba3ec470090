// Agent A9: brings the plan documents and the component matrix to where the code is.
const plans = 'docs/plans';

/** Replaces what stands below a `### heading`, up to the next heading. */
function rewriteSection(text, heading, body) {
  const lines = text.split('\n');
  const start = lines.indexOf(`### ${heading}`);
  if (start < 0) throw new Error(`No section "### ${heading}" to update.`);
  const length = lines.slice(start + 1).findIndex((line) => /^#{1,3} /.test(line));
  const end = length < 0 ? lines.length : start + 1 + length;
  return [...lines.slice(0, start + 1), '', ...body, '', ...lines.slice(end)].join('\n').trimEnd() + '\n';
}

const testCount = (text) => [...text.matchAll(/^test\(/gm)].length;
const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

export function work({ wave, files, pairs, bullets, exportsOf }) {
  const matrixPath = `${plans}/component-cutover-matrix.json`;
  const matrix = JSON.parse(files.read(matrixPath));
  const promotions = pairs('Promote');
  if (promotions.length === 0) throw new Error('The prompt promotes no component: nothing to document.');

  const texts = new Map(
    ['current-state', 'master-plan', 'migration', 'component-cutover-matrix'].map((name) => [
      `${plans}/${name}.md`,
      files.read(`${plans}/${name}.md`),
    ]),
  );
  const rewrite = (name, heading, body) => {
    const path = `${plans}/${name}.md`;
    texts.set(path, rewriteSection(texts.get(path), heading, body));
  };

  for (const [id, level] of promotions) {
    const component = matrix.components[id];
    if (component === undefined) throw new Error(`${matrixPath} has no component "${id}".`);
    const surfaces = component.proofSurfaces;
    const modules = surfaces.map((path) => path.replace(/\.test\.ts$/, '.ts'));
    const names = modules.flatMap((path) => exportsOf(files.read(path)));
    const tests = surfaces.reduce((total, path) => total + testCount(files.read(path)), 0);
    component.currentLevel = level;
    rewrite('current-state', id, [
      `Level ${level}, reached in wave ${wave}.`,
      '',
      `- code: ${modules.join(', ')}`,
      `- offers: ${names.join(', ')}`,
      `- proof: ${plural(tests, 'test')} in ${surfaces.join(', ')}`,
    ]);
    rewrite('component-cutover-matrix', id, [
      `- current level: ${level}`,
      `- promoted to ${level} by wave ${wave}`,
      ...surfaces.map((path) => `- proof: ${path}`),
    ]);
  }
  rewrite('master-plan', `Wave ${wave}`, [`Proved. Components: ${promotions.map(([id]) => id).join(', ')}.`]);
  const notes = bullets('Tell callers');
  if (notes.length === 0) throw new Error('The prompt tells callers nothing: no migration notes to write.');
  rewrite(
    'migration',
    `Wave ${wave}`,
    notes.map((note) => `- ${note}`),
  );

  files.write(matrixPath, `${JSON.stringify(matrix, null, 2)}\n`);
  for (const [path, text] of texts) files.write(path, text);
  const paths = [matrixPath, ...texts.keys()].sort();
  const detail = `${plural(promotions.length, 'component')} documented and raised in the matrix.`;
  return { detail, payload: { docClosure: { state: 'closed', paths, detail } } };
}
