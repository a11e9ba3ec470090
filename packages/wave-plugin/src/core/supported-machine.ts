import { failure, type Failure } from '@nx-wave/schemas/plain';

/** What of the process decides whether waves can run in it at all. */
export interface ProcessFacts {
  /** As `process.platform` names it. */
  platform: string;
  /** Whether Yarn's Plug'n'Play resolves the modules of the process. */
  plugAndPlay: boolean;
}

/** Why nothing of ours can run in such a process, or null. Asked before anything is made, started or paid. */
export function unsupportedMachine({ platform, plugAndPlay }: ProcessFacts): Failure | null {
  if (platform === 'win32')
    return failure('platform-unsupported', 'Windows itself is not supported: waves run on Linux and macOS.', {
      next: 'Open the workspace in WSL 2, on its own file system, and run the same command there.',
    });
  if (plugAndPlay)
    return failure(
      'install-unsupported',
      "Yarn's Plug'n'Play has no node_modules, which the checkouts of agents are given.",
      { next: 'Write "nodeLinker: node-modules" into .yarnrc.yml and run: yarn install' },
    );
  return null;
}
