import { decideAdmit, decideClose, decideMove, decideRenew, exceeded, judgeEntry } from './admission';
import { decideAcquire, decideBeat, decideExpire, decideFree, decideSettle, decideStart } from './claim';
import { isLost, isSilent, observe } from './silence';

/**
 * Every decision of the protocol, in one place: whoever drives it takes them from here. A simulation puts a wrong one in the
 * place of one of them, and its checks have to notice.
 */
export interface ClaimProtocol {
  decideAcquire: typeof decideAcquire;
  decideBeat: typeof decideBeat;
  decideStart: typeof decideStart;
  decideSettle: typeof decideSettle;
  decideFree: typeof decideFree;
  decideExpire: typeof decideExpire;
  decideAdmit: typeof decideAdmit;
  decideRenew: typeof decideRenew;
  decideClose: typeof decideClose;
  decideMove: typeof decideMove;
  judgeEntry: typeof judgeEntry;
  exceeded: typeof exceeded;
  observe: typeof observe;
  isSilent: typeof isSilent;
  isLost: typeof isLost;
  /** A body that is read back and bears an own `op` is an own write that has landed. */
  readsBack: boolean;
}

export const claimProtocol: ClaimProtocol = {
  decideAcquire,
  decideBeat,
  decideStart,
  decideSettle,
  decideFree,
  decideExpire,
  decideAdmit,
  decideRenew,
  decideClose,
  decideMove,
  judgeEntry,
  exceeded,
  observe,
  isSilent,
  isLost,
  readsBack: true,
};
