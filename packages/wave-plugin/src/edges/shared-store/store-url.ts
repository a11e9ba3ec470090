import { isAbsolute, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';

/** Where the objects of a shared store are. `name` is what people call it, and holds nothing secret. */
export type StoreAddress = { name: string } & (
  | { scheme: 'file'; folder: string }
  | { scheme: 'azblob'; account: string; container: string; prefix: string }
  | { scheme: 's3'; bucket: string; prefix: string; region: string | null; endpoint: string | null }
);

const forms =
  'azblob://<account>/<container>/<prefix>, s3://<bucket>/<prefix>?region=<region>&endpoint=<address>, or file:///<folder>';

/**
 * Reads `store.url`, or `store.path`, which is the same as a `file://` address and may be relative to the workspace. Null where
 * neither is set. Codes: store-url-invalid.
 *
 * An address stands in a file that everybody can read: what looks like a login in it is refused, and never repeated.
 */
export function readStoreAddress(
  { url, path }: { url: string | null; path: string | null },
  workspaceRoot: string,
): Result<StoreAddress | null> {
  if (url !== null && path !== null) return invalid('store.url and store.path are both set', 'store.path');
  if (path !== null) return ok(folderAddress(isAbsolute(path) ? path : join(workspaceRoot, path)));
  return url === null ? ok(null) : parseStoreUrl(url);
}

export function parseStoreUrl(text: string): Result<StoreAddress> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return invalid('store.url is no address');
  if (url.username !== '' || url.password !== '') return invalid('store.url holds a login');
  if (url.hash !== '') return invalid('store.url holds a #');
  switch (url.protocol) {
    case 'file:':
      return parseFile(url);
    case 'azblob:':
      return parseAzblob(url);
    case 's3:':
      return parseS3(url);
    default:
      return invalid(`store.url begins with ${JSON.stringify(url.protocol.slice(0, 20))}`);
  }
}

function folderAddress(folder: string): StoreAddress {
  return { scheme: 'file', name: normalize(folder), folder: normalize(folder) };
}

function parseFile(url: URL): Result<StoreAddress> {
  if (url.search !== '') return invalid('store.url of a folder takes no parameters');
  if (url.host !== '') return invalid('store.url names a host: it is file:///<folder>, with three strokes');
  try {
    return ok(folderAddress(fileURLToPath(url)));
  } catch {
    return invalid('store.url is no folder of this machine');
  }
}

// Rules for names: "Naming and referencing containers, blobs, and metadata" and "Storage account overview" of Azure Storage.
const azureAccount = /^[a-z0-9]{3,24}$/;
const azureContainer = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

function parseAzblob(url: URL): Result<StoreAddress> {
  // A shared access signature is a query: no part of it may come back in a message.
  if (url.search !== '')
    return invalid('store.url of Azure Blob takes no parameters; a signature is a secret');
  const [container = '', ...below] = partsOf(url);
  const account = url.host;
  if (!azureAccount.test(account)) return invalid('store.url names no account of Azure Storage');
  if (!azureContainer.test(container)) return invalid('store.url names no container of Azure Blob');
  if (!below.every(isPlain))
    return invalid('the prefix of store.url has other signs than letters, digits, . _ -');
  const prefix = prefixOf(below);
  return ok({
    scheme: 'azblob',
    name: `azblob://${account}/${container}${prefix === '' ? '' : `/${prefix.slice(0, -1)}`}`,
    account,
    container,
    prefix,
  });
}

// Rules for names: "General purpose bucket naming rules" of Amazon S3.
const s3Bucket = /^(?=.{3,63}$)[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*$/;
const s3Region = /^[a-z0-9-]{1,40}$/;
const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];

function parseS3(url: URL): Result<StoreAddress> {
  const below = partsOf(url);
  const unknown = [...url.searchParams.keys()].filter((name) => name !== 'region' && name !== 'endpoint');
  if (unknown.length > 0) return invalid('store.url of S3 takes the parameters region and endpoint alone');
  if (!s3Bucket.test(url.host)) return invalid('store.url names no bucket of S3');
  if (!below.every(isPlain))
    return invalid('the prefix of store.url has other signs than letters, digits, . _ -');
  const region = url.searchParams.get('region');
  if (region !== null && !s3Region.test(region)) return invalid('region of store.url is none');
  const given = url.searchParams.get('endpoint');
  const endpoint = given === null ? null : endpointOf(given);
  if (given !== null && endpoint === null)
    return invalid('endpoint of store.url is no https address without login and parameters');
  const prefix = prefixOf(below);
  return ok({
    scheme: 's3',
    name: `s3://${url.host}${prefix === '' ? '' : `/${prefix.slice(0, -1)}`}${endpoint === null ? '' : ` at ${endpoint}`}`,
    bucket: url.host,
    prefix,
    region,
    endpoint,
  });
}

/** Plain http is for a server on this machine: what is sent may be read and changed by anybody between. */
function endpointOf(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return null;
  const secure =
    url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.includes(url.hostname));
  return secure ? url.href.replace(/\/$/, '') : null;
}

const partsOf = (url: URL) => url.pathname.split('/').filter((part) => part !== '');
const isPlain = (part: string) => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(part);
const prefixOf = (parts: readonly string[]) => parts.map((part) => `${part}/`).join('');

function invalid(what: string, key = 'store.url'): Result<never> {
  return err(
    failure('store-url-invalid', `The shared store cannot be used: ${what}.`, {
      place: { path: 'wave.config.json' },
      next: `Set ${key === 'store.path' ? 'one of them' : key} in wave.config.json: ${forms}. Logins come from the environment.`,
    }),
  );
}
