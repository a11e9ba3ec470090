import { changedTestsOf, countCommand, noticeOf, type SeenCommand } from './counted';
import { type TestCase } from './contracts';

const seen = (files: Record<string, TestCase['state'][]> | null): SeenCommand => ({
  command: 'npm test',
  runners: ['jest'],
  report:
    files === null
      ? null
      : {
          files: Object.entries(files).map(([path, states]) => ({
            path,
            tests: states.map((state, at) => ({ name: `t${at}`, state })),
          })),
        },
});

describe('the evidence of runners', () => {
  it('is counted', () => {
    expect(countCommand(seen({ 'a.test.ts': ['passed', 'skipped'], 'b.test.ts': ['failed'] })).tests).toEqual(
      {
        executed: 2,
        failed: 1,
        skipped: 1,
        files: 2,
      },
    );
    expect(countCommand(seen(null)).tests).toBeNull();
  });

  it('names changed tests of which nothing ran', () => {
    const files = { 'a.test.ts': ['passed' as const], 'b.test.ts': ['skipped' as const] };
    const changed = ['a.test.ts', 'b.test.ts', 'c.test.ts'];
    const told = (mayBeUnseen: boolean) => changedTestsOf([seen(files)], changed, { mayBeUnseen });
    expect(told(false)).toEqual({ files: changed, notRun: ['b.test.ts', 'c.test.ts'] });
    expect(told(true)).toEqual({ files: ['a.test.ts'], notRun: [] });
  });

  const green = seen({ a: ['passed', 'passed'] });
  it.each<[string, SeenCommand, SeenCommand, boolean, string]>([
    ['ends well', green, green, true, 'green'],
    ['has a failed test', green, seen({ a: ['failed', 'passed'] }), false, 'red'],
    ['misses a threshold of coverage', green, green, false, 'green'],
    ['runs fewer tests than before', green, seen({ a: ['passed'] }), false, 'red'],
    ['is stopped in front of its runner', green, seen(null), false, 'unknown'],
    ['is of no known runner', seen(null), seen(null), false, 'red'],
  ])(
    'tells whether a command noticed that functions are empty: it %s',
    (_what, before, now, passed, notice) => {
      expect(noticeOf(before, now, passed)).toBe(notice);
    },
  );
});
