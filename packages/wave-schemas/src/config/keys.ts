import { isolationModes, notifyEvents, strengthLevels, type RoleId } from '../vocabulary';
import { type ConfigFields, type ConfigOf, type FilledConfig } from './key';

/** `contQa` for `cont-qa`. */
type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;
/** Roles whose prompt may stand elsewhere than in the folder of role prompts under its usual name. */
const configuredRoles = [
  'design',
  'implementation',
  'infra',
  'deploy',
  'research',
  'cont-eval',
  'security',
  'integration',
  'documentation',
  'cont-qa',
] as const;
type RolePromptKey = `${CamelCase<(typeof configuredRoles)[number]>}RolePromptPath`;

/** The key of `roles` that says where the prompt of a role is. */
export function rolePromptKey(role: RoleId): RolePromptKey {
  return `${role.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())}RolePromptPath` as RolePromptKey;
}

interface RolePromptEntry {
  readonly about: string;
  readonly kind: 'path';
  readonly default: { readonly path: string };
}

const rolePromptPaths = Object.fromEntries(
  configuredRoles.map((role): [RolePromptKey, RolePromptEntry] => [
    rolePromptKey(role),
    {
      about: `Prompt of the role \`${role}\`; an agent with it under \`### Role prompts\` has the role.`,
      kind: 'path',
      default: { path: `<rolePromptDir>/wave-${role}-role.md` },
    },
  ]),
) as Record<RolePromptKey, RolePromptEntry>;

/** Options that every agent program has besides those of its adapter. */
const section = {
  command: {
    about: 'The program and its first arguments, split by POSIX quoting, without a shell.',
    kind: 'text',
    default: { unset: 'the id of the executor' },
  },
  model: {
    about: 'The model of agents and profiles that name none.',
    kind: 'text',
    default: { unset: 'the program chooses' },
  },
  maxConcurrent: {
    about: 'Agents of all waves that may run on it at once, over all runs of yours on this machine.',
    kind: 'count',
    default: { unset: 'no limit' },
  },
  env: {
    about: 'Names of variables of yours that the program gets besides those that it always gets.',
    kind: { list: 'text' },
    default: { unset: 'none' },
  },
  isolation: {
    about:
      'The cage around the program: where one can be had (`auto`), never without one (`required`), or none (`off`). The own sandbox of a program counts where it is in force.',
    kind: { words: isolationModes },
    default: { unset: '`auto`' },
  },
  hosts: {
    about:
      'Hosts that a caged program may call besides those of its service: `registry.npmjs.org`, `*.example.com`, `127.0.0.1:8080`; `*` opens the network.',
    kind: { list: 'text' },
    default: { unset: 'those of its service alone' },
  },
  folders: {
    about: 'Folders outside its checkout that a caged program may write to: absolute, or `~/` and below.',
    kind: { list: 'text' },
    default: { unset: 'none' },
  },
  prices: {
    about:
      'US dollars for a million tokens by model: `{ "<model>": { "input": 1.25, "output": 10, "cached": 0.125 } }`.',
    kind: { byName: 'any' },
    default: { unset: 'what the program says that it cost' },
  },
} as const satisfies ConfigFields;

/** Whether a cage stands around what runs. */
const isolation = {
  kind: { words: isolationModes },
  default: { value: 'auto' },
} as const;

const profile = {
  id: {
    about: 'The executor of agents that name the profile.',
    kind: 'text',
    default: { unset: 'the choice of the role, then of the lane' },
  },
  model: { about: 'Their model.', kind: 'text', default: { unset: 'that of the executor' } },
  tags: { about: 'Tags for them, besides their own.', kind: { list: 'text' }, default: { unset: 'none' } },
  fallbacks: {
    about: 'Executors that may take over, in this order, before those that the agent names.',
    kind: { list: 'text' },
    default: { unset: 'those of the agent, then of the lane' },
  },
  retryPolicy: {
    about: 'Whether another executor may take over.',
    kind: { words: ['sticky', 'fallback-allowed'] },
    default: { unset: 'what `allowFallbackOnRetry` says' },
  },
  allowFallbackOnRetry: {
    about: 'The same as a switch, as the earlier system wrote it.',
    kind: 'boolean',
    default: { unset: 'yes, unless the agent lifts a component to `pilot-live` or above' },
  },
  budget: {
    about: 'Caps for one attempt of one agent.',
    fields: {
      turns: {
        about: 'Turns of the program, where it can count them.',
        kind: 'count',
        default: { unset: 'no cap' },
      },
      minutes: {
        about: 'Running time of one attempt, in minutes.',
        kind: 'count',
        default: { unset: '`limits.attemptMinutes`' },
      },
      tokens: { about: 'Tokens of one attempt.', kind: 'count', default: { unset: 'no cap' } },
      usd: { about: 'US dollars of one attempt.', kind: 'amount', default: { unset: 'no cap' } },
    },
  },
} as const satisfies ConfigFields;

/** A rule that begins with a wave. */
const thresholdNote = 'From this wave on; `null` switches the rule off.';

/** What may stand at the root, in a lane and in an entry of `projects{}`; the inner one wins. */
export const scopeKeys = {
  paths: {
    about: 'Where things are.',
    fields: {
      docsDir: {
        about:
          'Docs folder of the lane; its wave files are in `plans/waves` below. Other lanes than the default one have a folder of their name in it, entries of `projects` too, or `<rootDir>/docs`.',
        kind: 'path',
        default: { value: 'docs' },
      },
      stateRoot: {
        about: 'Folder of everything that a run writes; entries of `projects` use `projects/<id>` in it.',
        kind: 'path',
        default: { value: '.tmp' },
      },
      orchestratorStateDir: {
        about: 'Of the earlier system.',
        kind: 'any',
        default: { unset: 'nothing' },
        ignored: 'silently',
      },
      terminalsPath: {
        about: 'Of the earlier system.',
        kind: 'any',
        default: { unset: 'nothing' },
        ignored: 'silently',
      },
      context7BundleIndexPath: {
        about: 'Index of the bundles of library documents; the documents stand beside it.',
        kind: 'path',
        default: { path: '<docsDir>/context7/bundles.json' },
      },
      benchmarkCatalogPath: {
        about: 'Catalog of benchmarks that eval targets name.',
        kind: 'path',
        default: { path: '<docsDir>/evals/benchmark-catalog.json' },
      },
      componentCutoverMatrixDocPath: {
        about: 'The component matrix for people.',
        kind: 'path',
        default: { path: '<docsDir>/plans/component-cutover-matrix.md' },
      },
      componentCutoverMatrixJsonPath: {
        about: 'The component matrix.',
        kind: 'path',
        default: { path: '<docsDir>/plans/component-cutover-matrix.json' },
      },
    },
  },
  roles: {
    about: 'How agents are recognised by id and by role prompt.',
    fields: {
      rolePromptDir: {
        about: 'Folder of the role prompts.',
        kind: 'path',
        default: { path: '<docsDir>/agents' },
      },
      contQaAgentId: {
        about: 'Id of the agent that closes the wave.',
        kind: 'text',
        default: { value: 'A0' },
      },
      contEvalAgentId: {
        about: 'Id of the agent that runs the eval targets.',
        kind: 'text',
        default: { value: 'E0' },
      },
      integrationAgentId: {
        about: 'Id of the integration steward.',
        kind: 'text',
        default: { value: 'A8' },
      },
      documentationAgentId: {
        about: 'Id of the documentation steward.',
        kind: 'text',
        default: { value: 'A9' },
      },
      ...rolePromptPaths,
    },
  },
  validation: {
    about: 'What a wave must have.',
    fields: {
      requiredPromptReferences: {
        about: 'Texts that the prompt of every agent, or one of its role prompts, must contain.',
        kind: { list: 'text' },
        default: { value: [] },
      },
      requireDocumentationStewardFromWave: {
        about: `A wave has one documentation steward, who owns the shared plan documents. ${thresholdNote}`,
        kind: { orNull: 'whole' },
        default: { value: 0 },
      },
      requireContext7DeclarationsFromWave: {
        about: `The wave and every agent say which library documents they want. ${thresholdNote}`,
        kind: { orNull: 'whole' },
        default: { value: 6 },
      },
      requireExitContractsFromWave: {
        about: `Every implementing agent has an exit contract. ${thresholdNote}`,
        kind: { orNull: 'whole' },
        default: { value: 6 },
      },
      requireIntegrationStewardFromWave: {
        about: `A wave has one integration steward. ${thresholdNote}`,
        kind: { orNull: 'whole' },
        default: { value: null },
      },
      requireContQaFromWave: {
        about: `A wave has a cont-QA agent, who judges it as a whole. ${thresholdNote}`,
        kind: { orNull: 'whole' },
        default: { value: 0 },
      },
      requireComponentPromotionsFromWave: {
        about: `A wave that changes the product promotes components. ${thresholdNote}`,
        kind: { orNull: 'whole' },
        default: { value: 0 },
      },
      requireAgentComponentsFromWave: {
        about: `Every agent that changes the product names the components that it lifts. ${thresholdNote}`,
        kind: { orNull: 'whole' },
        default: { value: 0 },
      },
      ownershipOverlap: {
        about:
          'What it is that two agents of one stage own a path and neither depends on the other: an error, or a warning; then their slices are merged, and a conflict names both.',
        kind: { words: ['error', 'warn'] },
        default: { value: 'error' },
      },
      gateModeThresholds: {
        about: 'From which wave on the gates that early waves may close without are advisory or strict.',
        fields: {
          bootstrap: {
            about: 'From this wave on these gates are advisory.',
            kind: 'whole',
            default: { unset: 'all gates are strict in every wave' },
          },
          standard: {
            about: 'From this wave on they are strict again.',
            kind: 'whole',
            default: { unset: 'what `strict` says' },
          },
          strict: {
            about: 'The same; the lower one counts.',
            kind: 'whole',
            default: { unset: 'what `standard` says' },
          },
        },
      },
      closureModeThresholds: {
        about: 'Of the earlier system.',
        kind: 'any',
        default: { unset: 'nothing' },
        ignored: { because: 'no wave closes without its gates' },
      },
      autoClosure: {
        about: 'Of the earlier system.',
        kind: 'any',
        default: { unset: 'nothing' },
        ignored: { because: 'no wave closes without its gates' },
      },
      bootstrapPassConditions: {
        about: 'Of the earlier system.',
        kind: 'any',
        default: { unset: 'nothing' },
        ignored: { because: 'no wave closes without its gates' },
      },
      testCommand: {
        about: 'Runs on the merged tree, besides the proof commands of the agents.',
        kind: 'text',
        default: { unset: 'the proof commands alone' },
      },
      testCommandTimeout: {
        about: 'Of the earlier system; `limits.proofMinutes` limits the command.',
        kind: 'any',
        default: { unset: 'nothing' },
        ignored: 'silently',
      },
    },
  },
  executors: {
    about: 'Which program runs an agent. Every other key is the section of an executor.',
    sections: section,
    fields: {
      default: {
        about: 'The executor of agents that nothing else chooses one for.',
        kind: 'text',
        default: { unset: 'the first agent program that nx-wave knows: `codex`' },
      },
      override: {
        about: 'Every agent runs on this executor, whatever it asks for.',
        kind: { orNull: 'text' },
        default: { value: null },
      },
      profiles: {
        about: 'Choices that agents name with `profile`; options of adapters may stand in them as well.',
        kind: { byName: { fields: profile, sections: {} } },
        default: { value: {} },
      },
    },
  },
  skills: {
    about: 'Skill folders that agents get.',
    fields: {
      dir: { about: 'Folder of the skill folders.', kind: 'path', default: { value: 'skills' } },
      base: { about: 'For every agent.', kind: { list: 'id' }, default: { value: [] } },
      byRole: { about: 'By role.', kind: { byName: { list: 'id' } }, default: { value: {} } },
      byRuntime: { about: 'By executor.', kind: { byName: { list: 'id' } }, default: { value: {} } },
      byDeployKind: {
        about: 'By the kind of the default environment of the wave.',
        kind: { byName: { list: 'id' } },
        default: { value: {} },
      },
    },
  },
  capabilityRouting: {
    about: 'Who answers a request.',
    fields: {
      preferredAgents: {
        about: 'Agents that are asked first, by capability.',
        kind: { byName: { list: 'text' } },
        default: { value: {} },
      },
    },
  },
  runtimePolicy: {
    about: 'How agents are spread over executors.',
    fields: {
      runtimeMixTargets: {
        about: 'How many agents of a wave may run on an executor.',
        kind: { byName: 'whole' },
        default: { value: {} },
      },
      defaultExecutorByRole: {
        about: 'The executor of agents of a role that name none.',
        kind: { byName: 'text' },
        default: { value: {} },
      },
      fallbackExecutorOrder: {
        about: 'Executors that may take over where neither agent nor profile names any.',
        kind: { list: 'text' },
        default: { value: [] },
      },
    },
  },
  planner: {
    about: 'Of the earlier system.',
    kind: 'any',
    default: { unset: 'nothing' },
    ignored: 'silently',
  },
  waveControl: {
    about: 'Of the earlier system: nothing is sent anywhere.',
    kind: 'any',
    default: { unset: 'nothing' },
    ignored: 'silently',
  },
  externalProviders: {
    about: 'Of the earlier system.',
    kind: 'any',
    default: { unset: 'nothing' },
    ignored: 'silently',
  },
  sharedPlanDocs: {
    about: 'Documents that the documentation steward owns.',
    kind: { list: 'path' },
    default: {
      paths: [
        '<docsDir>/plans/current-state.md',
        '<docsDir>/plans/master-plan.md',
        '<docsDir>/plans/migration.md',
      ],
    },
  },
  budget: {
    about: 'Caps for all agents of a wave together, over all its runs on this clone.',
    fields: {
      usd: { about: 'US dollars.', kind: 'amount', default: { unset: 'no cap' } },
      tokens: { about: 'Tokens.', kind: 'count', default: { unset: 'no cap' } },
      minutes: { about: 'Running time of agents, in minutes.', kind: 'amount', default: { unset: 'no cap' } },
      maxUsd: {
        about:
          'US dollars that a wave may be likely to cost: no agent is started above it, nor where nobody can tell. `NX_WAVE_MAX_USD` is the same for one command; the lower of both counts.',
        kind: 'amount',
        default: { unset: 'no limit' },
      },
    },
  },
  people: {
    about:
      'Who answers the questions of agents, and what becomes of one that nobody answers. Minutes count from the question on.',
    fields: {
      answers: {
        about: 'Who is asked first, in words for people.',
        kind: 'text',
        default: { unset: 'anybody' },
      },
      escalateMinutes: {
        about: 'After so many minutes without an answer the question is escalated.',
        kind: 'amount',
        default: { unset: 'never' },
      },
      escalateTo: {
        about: 'Who is asked then.',
        kind: 'text',
        default: { unset: 'whoever was asked before' },
      },
      rerouteMinutes: {
        about: 'After so many minutes it is rerouted.',
        kind: 'amount',
        default: { unset: 'never' },
      },
      rerouteTo: {
        about: 'Who is asked then.',
        kind: 'text',
        default: { unset: 'whoever was asked before' },
      },
      deadlineMinutes: {
        about:
          'After so many minutes it has timed out: an autopilot waits no longer for it. An answer still counts.',
        kind: 'amount',
        default: { unset: 'never' },
      },
    },
  },
  notify: {
    about:
      'Who is told how an autopilot has ended, and of questions that wait. Nothing is sent where neither is set.',
    fields: {
      command: {
        about:
          'A program and its arguments, one word each, without a shell: gets the notification as JSON on its standard input.',
        kind: { list: 'text' },
        default: { value: [] },
      },
      webhook: {
        about:
          'An `https:` address (`http:` on this machine alone) that the notification is posted to as JSON, or `$NAME` for the variable that holds it.',
        kind: 'text',
        default: { unset: 'none' },
      },
      on: {
        about: 'What is told.',
        kind: { list: { words: notifyEvents } },
        default: { value: [...notifyEvents] },
      },
      env: {
        about: 'Names of variables of yours that the command gets besides those that every program gets.',
        kind: { list: 'text' },
        default: { value: [] },
      },
    },
  },
  autopilot: {
    about: 'What an autopilot may do on its own.',
    fields: {
      repairs: {
        about:
          'How often it sends an agent back whose finished work a gate or a steward refused, before a person has to look.',
        kind: 'whole',
        default: { value: 2 },
      },
      waitMinutes: {
        about: 'How long it waits for the answer to a question before it ends; nothing is paid meanwhile.',
        kind: 'amount-or-none',
        default: { value: 0 },
      },
      land: {
        about:
          'Whether the autopilot of a lane lands each wave that has closed, and how. Without it waves build on each other by `## Depends on` alone.',
        kind: { words: ['off', 'tree', 'commit'] },
        default: { value: 'off' },
      },
    },
  },
  workspace: {
    about: 'What a checkout gets that git does not carry.',
    fields: {
      setup: {
        about: 'Commands that run in every fresh checkout, without a shell.',
        kind: { list: 'text' },
        default: { value: [] },
      },
      links: {
        about: 'Paths of your tree that are linked into every checkout.',
        kind: { list: 'text' },
        default: { value: [] },
      },
    },
  },
  proof: {
    about: 'What a green proof command has to be worth, and where proof commands run.',
    fields: {
      level: {
        about:
          'How much the proof of an agent has to say, where `### Proof strength` and `proof.levels` say nothing: that it ended well, that tests ran, that they notice missing work, or that they notice small faults.',
        kind: { words: strengthLevels },
        default: { value: 'checked' },
      },
      required: {
        about:
          'Refuses work whose proof cannot be measured (no known test runner, an unknown language); else that is an advisory.',
        kind: 'boolean',
        default: { value: false },
      },
      levels: {
        about:
          'Levels by path: the first entry that names a path or a folder above it counts, and of all paths that an agent owns, and of those of entries inside of them, the highest.',
        kind: {
          list: {
            fields: {
              paths: {
                about: 'Files and folders.',
                kind: { list: 'path' },
                default: { value: [] },
              },
              level: {
                about: 'Their level.',
                kind: { words: strengthLevels },
                default: { unset: 'what `proof.level` says' },
              },
            },
          },
        },
        default: { value: [] },
      },
      mutants: {
        about:
          'At most so many small faults are put into the changed lines of an agent at the level `strict`.',
        kind: 'whole',
        default: { value: 8 },
      },
      home: {
        about:
          'The home folder of proof and setup commands: one of their own, or yours with all that is in it.',
        kind: { words: ['private', 'user'] },
        default: { value: 'private' },
      },
      env: {
        about:
          'Variables that proof and setup commands get besides those of the runner: `NAME` with the value that it has in your environment, or `NAME=value`.',
        kind: { list: 'variable' },
        default: { value: [] },
      },
      isolation: {
        about: 'The cage around proof and setup commands: where one can be had, never without one, or none.',
        ...isolation,
      },
      services: {
        about:
          'What caged proof and setup commands may call besides what they start themselves: `localhost:5432`, a socket (`/var/run/docker.sock`), or a host; `*` opens the network.',
        kind: { list: 'text' },
        default: { value: [] },
      },
      folders: {
        about:
          'Folders outside the checkout that caged proof and setup commands may write to: absolute, or `~/` and below.',
        kind: { list: 'text' },
        default: { value: [] },
      },
    },
  },
  limits: {
    about: 'How long, how often and how much.',
    fields: {
      attemptMinutes: {
        about:
          'Running time of one attempt of an agent, in minutes, where neither agent nor profile has `budget.minutes`.',
        kind: 'amount',
        default: { value: 60 },
      },
      idleMinutes: {
        about: 'Silence after which a program is ended, in minutes.',
        kind: 'amount',
        default: { value: 15 },
      },
      rateLimitWaitMinutes: {
        about:
          'All waiting for rate limits and overloads of one attempt, in minutes; 0 for a run that never waits.',
        kind: 'amount-or-none',
        default: { value: 30 },
      },
      repairMinutes: {
        about: 'Running time of one request to repair an envelope, in minutes.',
        kind: 'amount',
        default: { value: 3 },
      },
      proofMinutes: {
        about: 'Running time of one proof command, in minutes.',
        kind: 'amount',
        default: { value: 10 },
      },
      attempts: {
        about: 'Paid attempts of an agent on the same work, before it is asked no more.',
        kind: 'count',
        default: { value: 5 },
      },
      memoryMb: {
        about:
          'Memory that an agent or a command and everything it has started may use at once, in MiB; `null` is nine tenths of the memory of the machine. Linux only.',
        kind: { orNull: 'count' },
        default: { value: null },
      },
      processes: {
        about: 'Processes that an agent or a command may have at once.',
        kind: 'count',
        default: { value: 2000 },
      },
      diskMb: {
        about:
          'What an agent or a command may write in its checkout, in MiB; `null` is nine tenths of the room that the disk has at its start.',
        kind: { orNull: 'count' },
        default: { value: null },
      },
    },
  },
  store: {
    about:
      'The store that several clones and machines share: proofs, who works at what, the budget of a wave, unfinished work.',
    fields: {
      url: {
        about:
          'Its address: `file:///<folder>`, `azblob://<account>/<container>/<prefix>`, or `s3://<bucket>/<prefix>?region=…&endpoint=…` (experimental). Logins come from the environment.',
        kind: 'text',
        default: { unset: 'the store of this clone alone' },
      },
      path: {
        about:
          'The same as a `file://` address, which may be relative to the workspace root. Not together with `url`.',
        kind: 'text',
        default: { unset: 'the store of this clone alone' },
      },
      repository: {
        about: 'The name that the store is bound to: another repository is refused. The same in every clone.',
        kind: 'text',
        default: { unset: 'the name in `package.json` at the workspace root' },
      },
      places: {
        about: 'Agents of one wave that may work at the same time, on all machines together.',
        kind: 'count',
        default: { unset: 'as many as Nx starts' },
      },
      waitMinutes: {
        about:
          "How long another machine's agent, its place or its part of the budget is waited for, in minutes.",
        kind: 'amount',
        default: { value: 120 },
      },
      periods: {
        about:
          'How long each step of the protocol takes, in seconds; the same on every machine. `dead` is more than `lost` and `end` together.',
        fields: {
          beat: {
            about: 'From one sign of life of a machine at work to the next.',
            kind: 'amount',
            default: { value: 60 },
          },
          lost: {
            about:
              'Without an answer of the store for so long, a machine has lost its claim and ends its agent.',
            kind: 'amount',
            default: { value: 120 },
          },
          end: {
            about: 'Within this, after the loss, every process of the agent has ended.',
            kind: 'amount',
            default: { value: 30 },
          },
          dead: {
            about: 'After so long without a sign of life, another machine takes the work.',
            kind: 'amount',
            default: { value: 180 },
          },
          poll: {
            about: 'From one look at what is waited for to the next.',
            kind: 'amount',
            default: { value: 10 },
          },
          checkpoint: {
            about: 'From one copy of unfinished work to the next.',
            kind: 'amount',
            default: { value: 300 },
          },
        },
      },
    },
  },
  bundle: {
    about: 'What a proof bundle holds.',
    fields: {
      transcript: {
        about:
          'What is kept of the output of a program: redacted in the bundle, in full but for known secrets, or on this machine alone.',
        kind: { words: ['full', 'redacted', 'local'] },
        default: { value: 'redacted' },
      },
    },
  },
  secrets: {
    about: 'What is taken out of everything that is printed or stored, besides what looks like a secret.',
    fields: {
      names: {
        about: 'Variables whose values are secret, whatever they are called.',
        kind: { list: 'text' },
        default: { value: [] },
      },
      patterns: {
        about: 'Regular expressions for secrets, in RE2 syntax.',
        kind: { list: 'text' },
        default: { value: [] },
      },
    },
  },
  trust: {
    about:
      'When the proof of another machine counts: by the signature of somebody whom `wave.allowed_signers` of the checked-out commit names, after its commands ran here again, or by digest alone.',
    kind: { words: ['signed', 'reprove', 'digest'] },
    default: { value: 'reprove' },
  },
  run: {
    about: 'Which agents run unasked: all, those that cost nothing, or none. `NX_WAVE_RUN` wins.',
    kind: { words: ['auto', 'local-only', 'never'] },
    default: { unset: '`auto`, and `local-only` on a CI machine' },
  },
  compat: {
    about: 'What is read of the earlier system.',
    fields: {
      legacySignals: {
        about: 'Makes an envelope from the markers that an agent printed, where it left none.',
        kind: 'boolean',
        default: { value: false },
      },
    },
  },
} as const satisfies ConfigFields;

const lanes = {
  about: 'Lanes by name, each with the keys of the root; what it sets wins for its waves.',
  kind: { byName: { fields: scopeKeys }, asPath: true },
  default: { unset: 'the default lane alone' },
} as const;

/**
 * Every key of `wave.config.json`: one entry each. Reader, types, JSON Schema, reference and defaults are made from this
 * table. It loads no schema library, for the graph path reads it.
 */
export const configKeys = {
  $schema: {
    about: 'Where the JSON Schema of this file is, for editors.',
    kind: 'any',
    default: { unset: 'none' },
  },
  version: { about: 'Version of the format.', kind: 'any', default: { unset: '1' } },
  projectName: {
    about: 'A name for people.',
    kind: 'text',
    default: { unset: 'no name' },
  },
  repoMode: {
    about: 'Of the earlier system: lanes are found by themselves.',
    kind: { words: ['single-repo', 'multi-lane'] },
    default: { unset: 'nothing' },
    ignored: 'silently',
  },
  defaultLane: {
    about: 'The lane whose docs folder has no folder of its name.',
    kind: 'text',
    default: { value: 'main' },
  },
  defaultProject: {
    about: 'Of the earlier system: a wave is named by its Nx project.',
    kind: { orNull: 'text' },
    default: { unset: 'nothing' },
    ignored: 'silently',
  },
  ...scopeKeys,
  lanes,
  projects: {
    about: 'Projects of a repository with waves of their own, each with lanes and the keys of the root.',
    kind: {
      byName: {
        fields: {
          rootDir: {
            about: 'Folder of the project; its docs folder is `docs` in it.',
            kind: 'path',
            default: { unset: 'its docs folder is that of the root with its name behind' },
          },
          projectName: { about: 'A name for people.', kind: 'text', default: { unset: 'no name' } },
          ...scopeKeys,
          lanes,
        },
      },
      asPath: true,
    },
    default: { unset: 'none' },
  },
} as const satisfies ConfigFields;

/** `wave.config.json` as it is written. */
export type WaveConfig = ConfigOf<typeof configKeys>;
/** The keys that root, project and lane share, as they are written. */
export type ConfigScope = ConfigOf<typeof scopeKeys>;
/** The same with every default filled in. */
export type FilledScope = FilledConfig<typeof scopeKeys>;
