// Tests packages/wave-plugin/src/core/views/forms/sarif.ts and ctrf.ts against the schemas of their formats.
import Ajv from 'ajv';
import { reported } from '../../packages/wave-plugin/src/testing/reported-wave';
import { composeCtrf } from '../../packages/wave-plugin/src/core/views/forms/ctrf';
import { composeReportJson } from '../../packages/wave-plugin/src/core/views/forms/report-json';
import { composeSarif } from '../../packages/wave-plugin/src/core/views/forms/sarif';
import type { ReportInput } from '../../packages/wave-plugin/src/core/views/report/report-input';
import ctrfSchema from './schemas/ctrf-0.0.json';
import sarifSchema from './schemas/sarif-2.1.0-rtm.5.json';

/** The schema of SARIF is of draft 4, whose only words that later drafts read otherwise are its own names. */
function validator(schema: object) {
  const { $schema: _dialect, id: _id, ...words } = schema as Record<string, unknown>;
  return new Ajv({ strict: false, validateFormats: false, allErrors: true, unicodeRegExp: false }).compile(
    words,
  );
}
const isSarif = validator(sarifSchema);
const isCtrf = validator(ctrfSchema);

/** A wave with everything that a form may have to say. */
function eventful(): ReportInput {
  const input = reported({ A2: { failures: ['proof-command-failed', 'ownership-violation'] } });
  const failed = {
    command: 'npm test',
    exitCode: 1,
    outcome: 'failed',
    durationMs: 5.5,
    tail: 'boom',
  } as const;
  return {
    ...input,
    words: [{ unitId: 'A1', summary: 'done', gaps: ['docs: none'], riskNotes: ['slow \ud800'] }],
    attempts: input.attempts.map((one) => ({
      ...one,
      predicate: { ...one.predicate, proofCommands: [failed] },
    })),
    state: {
      ...input.state,
      reasons: [
        {
          gate: 'x',
          code: 'paths',
          detail: 'of all kinds',
          agentIds: [],
          paths: ['src/ä b#.ts', '../../etc/passwd', '/etc/passwd', 'javascript:alert(1)'],
          command: null,
          repair: 'human' as const,
        },
      ],
    },
  };
}
const waves: [string, ReportInput][] = [
  ['nothing to say of it', reported()],
  ['everything that can be said', eventful()],
];

describe.each(waves)('a wave with %s', (_what, input) => {
  it('is a SARIF 2.1.0 log', () => {
    isSarif(composeSarif(input));
    expect(isSarif.errors ?? []).toEqual([]);
  });

  it('is a report in the Common Test Report Format, whose sums are those of its tests', () => {
    const report = composeCtrf(input);
    isCtrf(report);
    expect(isCtrf.errors ?? []).toEqual([]);
    const { summary, tests } = report['results'] as {
      summary: Record<string, number>;
      tests: { status: string }[];
    };
    for (const status of ['passed', 'failed', 'pending', 'skipped', 'other'])
      expect(summary[status]).toBe(tests.filter((test) => test.status === status).length);
  });

  it('is the same data for the same store', () => {
    for (const compose of [composeSarif, composeCtrf, composeReportJson])
      expect(JSON.stringify(compose(input))).toBe(JSON.stringify(compose(input)));
  });
});

describe('SARIF', () => {
  const results = () =>
    (
      composeSarif(eventful())['runs'] as {
        results: { ruleId: string; level: string; locations: object[] }[];
      }[]
    )[0]?.results ?? [];

  it('has an error for what stands against closing, and a warning for what agents leave open', () => {
    const levels = Object.fromEntries(results().map(({ ruleId, level }) => [ruleId, level]));
    expect(levels).toMatchObject({
      'proof-command-failed': 'error',
      'agent-gap': 'warning',
      'agent-risk': 'note',
    });
  });

  it('places a finding at addresses inside the repository alone', () => {
    const uris = results()
      .filter(({ ruleId }) => ruleId === 'paths')
      .flatMap(({ locations }) => locations)
      .map(
        (one) =>
          (one as { physicalLocation: { artifactLocation: { uri: string } } }).physicalLocation
            .artifactLocation.uri,
      );
    expect(uris).toEqual(['src/%C3%A4%20b%23.ts', 'javascript%3Aalert(1)']);
  });
});

it('the schemas refuse what is wrong', () => {
  expect(isSarif({ ...composeSarif(reported()), version: '3' })).toBe(false);
  expect(isSarif({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
  expect(isCtrf({ ...composeCtrf(reported()), results: { tool: {} } })).toBe(false);
});
