import type { Unknown } from '../../core/shared-store/backend';
import { unknown } from './within-time';

/** What is read of whatever a client library throws. Its message is not: it can hold an address with a signature, or headers. */
export interface ServiceError {
  /** Null where no answer came. */
  status: number | null;
  /** The service's or the system's own word: `ServerBusy`, `ECONNREFUSED`. */
  code: string | null;
}

/** The word of a service, or of Node for a connection that failed. Anything longer or stranger is not repeated. */
export function plainCode(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(value) ? value : null;
}

/**
 * An answer of a service over HTTP that is none of those that its backend knows, by RFC 9110 and RFC 6585: 401 and 403 are about
 * the login, 429 and 503 ask for fewer calls, all else is trouble of the service.
 */
export function explainService({ status, code }: ServiceError): Unknown {
  const said = `${status ?? ''} ${code ?? ''}`.trim();
  if (status === null)
    return unknown('unreachable', code === null ? 'no connection' : `no connection (${code})`);
  if (status === 401 || status === 403) return unknown('credentials', `the service says ${said}`);
  if (status === 429 || status === 503) return unknown('throttled', `the service says ${said}`);
  return unknown('server', `the service says ${said}`);
}
