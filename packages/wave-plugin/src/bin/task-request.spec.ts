import { readTaskRequest } from './task-request';

describe('the words behind the program of a task', () => {
  it.each([
    [['agent', 'A1'], { kind: 'agent', agent: 'A1' }],
    [['agent', 'A1', '--executor=local'], { kind: 'agent', agent: 'A1', executor: 'local' }],
    [['gate', 'cont-qa', '--executor', 'local'], { kind: 'gate', stage: 'cont-qa', executor: 'local' }],
    [['prove'], { kind: 'prove' }],
    [['prove', '--executor=local'], { kind: 'prove', executor: 'local' }],
    [['help'], { kind: 'help' }],
  ])('are read: %j', (args, request) => {
    expect(readTaskRequest(args)).toEqual(request);
  });

  it.each([
    [[], 'There is no task "".'],
    [['agent'], 'There is no task "agent".'],
    [['agent', 'A1', 'A2'], 'There is no task "agent A1 A2".'],
    [['gate', 'nothing'], 'There is no task "gate nothing".'],
    [['prove', 'A1'], 'There is no task "prove A1".'],
    [['launch'], 'There is no task "launch".'],
    [
      ['agent', 'A1', '--executr=local'],
      "Unknown option '--executr'. The one option of a task is --executor=<id>.",
    ],
    [
      ['agent', 'A1', '--executor'],
      "Option '--executor <value>' argument missing. The one option of a task is --executor=<id>.",
    ],
  ])('are refused with what is wrong: %j', (args, wrong) => {
    expect(readTaskRequest(args)).toEqual({ wrong });
  });
});
