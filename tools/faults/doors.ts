/** The doors of the product that the trials go through, as Nx would: one file of code for a process that opens several. */
import adopt from '../../packages/wave-plugin/src/executors/adopt/adopt';
import agent from '../../packages/wave-plugin/src/executors/agent/agent';
import gate from '../../packages/wave-plugin/src/executors/gate/gate';
import land from '../../packages/wave-plugin/src/executors/land/land';
import launch from '../../packages/wave-plugin/src/executors/launch/launch';
import prove from '../../packages/wave-plugin/src/executors/prove/prove';
import prune from '../../packages/wave-plugin/src/executors/prune/prune';
import reopen from '../../packages/wave-plugin/src/executors/reopen/reopen';
import retry from '../../packages/wave-plugin/src/executors/retry/retry';

export const doors = { adopt, agent, gate, land, launch, prove, prune, reopen, retry };
