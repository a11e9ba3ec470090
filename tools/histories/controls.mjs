/**
 * Negative controls: one rule of the keys is taken out of the bundled code (never of the product), and the same histories have to
 * be red in the way that this rule is for.
 */
export const controls = [
  {
    title: 'context files left out of the work key',
    weakening: { file: 'wave-plugin/src/core/digest/keys.ts', from: 'context: input.context,', to: '' },
    expected: 'wrong hit',
  },
  {
    title: 'the ledger left out of the work key',
    weakening: { file: 'wave-plugin/src/core/digest/keys.ts', from: 'ledger: input.ledger,', to: '' },
    expected: 'wrong hit',
  },
  {
    title: 'the verdict before left out of the work key',
    weakening: { file: 'wave-plugin/src/core/digest/keys.ts', from: 'upstream: input.upstream,', to: '' },
    expected: 'wrong hit',
  },
  {
    title: 'the executor left out of the work key',
    weakening: {
      file: 'wave-plugin/src/core/digest/keys.ts',
      from: 'executor: { id: executor.id, model: executor.model, options: executor.options[executor.id] ?? {} },',
      to: '',
    },
    expected: 'wrong hit',
  },
  {
    title: 'proof commands in the work key',
    weakening: {
      file: 'wave-plugin/src/core/digest/keys.ts',
      from: 'deliverables: agent.deliverables,',
      to: 'deliverables: agent.deliverables, proofCommands: agent.proofCommands,',
    },
    expected: 'paid for nothing',
  },
  {
    title: 'what an agent says in its own words counted as its result',
    weakening: {
      file: 'wave-plugin/src/core/result/judgement.ts',
      from: "const prose = new Set(['detail', 'note', 'notes', 'summary']);",
      to: 'const prose = new Set();',
    },
    expected: 'paid for nothing',
  },
  {
    title: 'landings not taken back',
    weakening: {
      file: 'wave-plugin/src/engine/agent/agent-inputs.ts',
      from: 'if (await isStored(session, agent, before)) return before;',
      to: '',
    },
    expected: 'paid for nothing',
  },
  {
    title: 'no rescue of the work of a runner that was killed',
    weakening: {
      file: 'wave-plugin/src/engine/agent/rescue-attempts.ts',
      from: 'const finished = taken !== null && taken.rawEnvelope !== null && taken.refusals.length === 0;',
      to: 'const finished = false;',
    },
    expected: 'paid for nothing',
    // Seldom enough does a runner die right after good work, and nothing but the next launch follows.
    causes: ['runner killed while work is due', 'launched again', 'prose of the wave edited'],
  },
];
