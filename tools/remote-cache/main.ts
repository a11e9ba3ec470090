import { scenarios, type Scenario, type Stage } from './scenarios';
import { openStage } from './stage';

/** `npm run test:remote-cache [-- --negative]`: every scenario, or every one with its check switched off. */
async function main(): Promise<number> {
  const negative = process.argv.includes('--negative');
  const words = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  const chosen = scenarios
    .filter(
      ({ name, check }) => words.length === 0 || words.some((word) => name.includes(word) || word === check),
    )
    .filter(({ check }) => !negative || check !== undefined);
  await using stage = await openStage();
  let wrong = 0;
  for (const scenario of chosen) if (!(await play(scenario, stage, negative))) wrong += 1;
  print(`${chosen.length} ${negative ? 'negative controls' : 'scenarios'}, ${wrong} wrong`);
  return wrong === 0 && chosen.length > 0 ? 0 : 1;
}

/** Whether a scenario ended as it has to: green, or red where its check is off. */
async function play(scenario: Scenario, stage: Stage, negative: boolean): Promise<boolean> {
  const { name, check } = scenario;
  const started = performance.now();
  const off = negative && check !== undefined ? { without: check } : {};
  const found = await scenario.play({ ...stage, ...off });
  const letIn = found.some((one) => one === 'the wave is closed on it');
  const holds = negative ? letIn : found.length === 0;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const how = negative ? `without the check "${check ?? ''}": ${letIn ? 'let in' : 'NOT let in'}` : '';
  print(`${holds ? 'ok  ' : 'WRONG'} ${name}${how === '' ? '' : ` (${how})`}  ${seconds} s`);
  if (!holds) found.forEach((line) => print(line.replace(/^/gm, '      ')));
  return holds;
}

const print = (line: string) => process.stdout.write(`${line}\n`);

void main().then((code) => (process.exitCode = code));
