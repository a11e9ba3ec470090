/** What a machine answers that has no room for one more program, or a broken disk. */
const worn = /^(EMFILE|ENFILE|EAGAIN|ENOMEM|EIO)$/;

/**
 * Whether a program that could not be started tells of the machine, and so nothing of the work; `code` of the operating
 * system. One that may not be run is a matter of the work where the work holds it: a script below `root`, the
 * checkout, that nobody made executable. One that is not there is always.
 */
export function isMachineStart(code: string, program: string, root: string): boolean {
  if (worn.test(code)) return true;
  const isOfWork = program.includes('/') && (!program.startsWith('/') || program.startsWith(`${root}/`));
  return /^(EACCES|EPERM)$/.test(code) && !isOfWork;
}
