import { compareMatrixPage, parseComponentMatrix } from '../parse/component-matrix';
import { planComponents, promotionsOf, type ComponentPlan } from './plan-components';

const paths = { matrix: 'docs/plans/matrix.json', page: 'docs/plans/matrix.md' };

function plan(words: string[], texts: { matrix?: string; page?: string } = {}, wave = 4) {
  const request: ComponentPlan = {
    wave,
    promotions: promotionsOf(words),
    matrix: { path: paths.matrix, text: texts.matrix ?? null },
    page: { path: paths.page, text: texts.page ?? null },
  };
  const planned = planComponents(request);
  const textOf = (path: string, before = '') =>
    (planned.ok ? planned.files.find((file) => file.path === path)?.text : undefined) ?? before;
  return { planned, matrix: textOf(paths.matrix, texts.matrix), page: textOf(paths.page, texts.page) };
}

const theirs = {
  matrix: `${JSON.stringify(
    {
      levels: ['low', 'high'],
      components: {
        export: { title: 'Export', currentLevel: 'high' },
        parser: { currentLevel: 'low', promotions: [{ wave: 2, target: 'low' }] },
      },
    },
    null,
    4,
  )}\n`,
  page: '# Ours\n\n| component | current |\n| --- | --- |\n| export | high |\n| parser | low |',
};

describe('planComponents', () => {
  it.each([
    ['none is there', ['parser', 'export:pilot-live'], {}],
    ['they are there', ['parser:high', 'printer:high'], theirs],
  ])('plans each component, in a matrix and on a page that agree, where %s', (_, words, texts) => {
    const { matrix, page } = plan(words, texts);
    const parsed = parseComponentMatrix({ path: paths.matrix, text: matrix });
    if (!parsed.ok) throw new Error(matrix);
    for (const { componentId, targetLevel } of promotionsOf(words))
      expect(parsed.value.components[componentId]?.promotions).toContainEqual({
        wave: 4,
        target: targetLevel,
      });
    expect(compareMatrixPage(parsed.value, { path: paths.page, text: page })).toEqual([]);
  });

  it('leaves what stands there as it is, and changes nothing the second time', () => {
    const first = plan(['parser:high'], theirs);
    expect(JSON.parse(first.matrix)).toMatchObject({
      components: { export: { title: 'Export', currentLevel: 'high' }, parser: { currentLevel: 'low' } },
    });
    expect(first.page).toBe(theirs.page);
    const second = plan(['parser:high'], { matrix: first.matrix, page: first.page });
    expect(second.planned).toEqual({ ok: true, files: [] });
  });

  it.each([
    ['a name that is none', ['Parser:high'], /no component id/],
    ['a level that the matrix does not have', ['parser'], /no level "baseline-proved".+low, high/],
    ['a way downwards', ['export:low'], /stands at high already/],
    ['two levels in one wave', ['parser:high'], /lifts parser to low there/, 2],
  ])('refuses %s', (_, words, problem, wave = 4) => {
    expect(plan(words, theirs, wave).planned).toEqual({
      ok: false,
      problem: expect.stringMatching(problem) as string,
    });
  });

  it('refuses a matrix that cannot be read', () => {
    expect(plan(['parser'], { matrix: '{ "components": 3 }' }).planned).toMatchObject({ ok: false });
  });
});
