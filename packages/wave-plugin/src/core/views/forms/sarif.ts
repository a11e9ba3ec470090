import { digestOf, failureCodes } from '@nx-wave/schemas/plain';
import { pluginVersion } from '../../plugin-version';
import { findingCodes, findingsOf, type Finding } from '../findings';
import { outcomeOf } from '../outcome';
import type { ReportInput } from '../report/report-input';

/** GitHub shows 5,000 results of a run, and takes no more than 25,000. */
const mostResults = 5_000;

/**
 * What is to be known before landing as a SARIF 2.1.0 log, for code scanning and editors. What stands against closing is an
 * `error`. A result whose finding names no path is placed at the wave file.
 */
export function composeSarif(input: ReportInput): Record<string, unknown> {
  const { identity } = input.wave;
  const found = findingsOf(input).slice(0, mostResults);
  const ruleIds = [...new Set(found.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0-rtm.5.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'nx-wave',
            version: pluginVersion,
            informationUri: 'https://nx-wave.dev',
            rules: ruleIds.map((id) => ({ id, shortDescription: { text: describeRule(id) } })),
          },
        },
        automationDetails: { id: `nx-wave/${identity.project}/` },
        invocations: [{ executionSuccessful: outcomeOf(input) !== 'failed' }],
        columnKind: 'utf16CodeUnits',
        results: found.map((finding) => ({
          ruleId: finding.code,
          ruleIndex: ruleIds.indexOf(finding.code),
          level: finding.level,
          message: { text: messageOf(finding) },
          locations: locationsOf(finding, identity.path),
          // Neither text nor place: the same finding is the same after an edit of either.
          partialFingerprints: {
            'nxWaveFinding/v1': digestOf([identity.project, finding.code, finding.agentIds, finding.paths]),
          },
        })),
      },
    ],
  };
}

function describeRule(code: string): string {
  const known: Record<string, string> = { ...failureCodes, ...findingCodes };
  return known[code] ?? `What a gate calls ${code}.`;
}

function messageOf({ message, agentIds }: Finding): string {
  return agentIds.length === 0 ? message : `${agentIds.join(', ')}: ${message}`;
}

/** GitHub wants a line of every place; that of a finding about a whole file is the first. */
function locationsOf({ paths }: Finding, wavePath: string) {
  const inside = paths.filter(isInside);
  return (inside.length === 0 ? [wavePath] : inside.slice(0, 10)).map((path) => ({
    physicalLocation: {
      artifactLocation: { uri: path.split('/').map(encodeSegment).join('/'), uriBaseId: '%SRCROOT%' },
      region: { startLine: 1 },
    },
  }));
}

/** A path that an agent made up leads nowhere outside. */
function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !/(^|\/)\.\.?(\/|$)/.test(path);
}

/** Half of a pair is no letter, and no address can hold it. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd'));
}
