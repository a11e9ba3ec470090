import { compareMatrixPage } from './component-matrix';

const matrix = {
  version: 1,
  levels: ['contract-frozen', 'baseline-proved'],
  components: { 'dough-scaling': { currentLevel: 'contract-frozen' } },
};
const read = (text: string) =>
  compareMatrixPage(matrix as unknown as Parameters<typeof compareMatrixPage>[0], {
    path: 'matrix.md',
    text,
  }).map(({ message }) => message);

describe('the markdown page of the matrix', () => {
  it.each([
    ['a table', '| component | current level |\n| --- | --- |\n| dough-scaling | contract-frozen |\n'],
    ['a list', '- dough-scaling: contract-frozen\n'],
    ['a heading per component', '### dough-scaling\n\n- current level: contract-frozen\n'],
  ])('may be %s', (_form, text) => {
    expect(read(text)).toEqual([]);
  });

  it('is told apart from the matrix below a heading too', () => {
    expect(read('### dough-scaling\n\n- current level: baseline-proved\n')[0]).toContain('baseline-proved');
  });
});
