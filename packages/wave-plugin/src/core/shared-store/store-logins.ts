import type { StoreSettings } from '../model';

/**
 * Variables by which the client libraries of a store log in: all that begins so, since more come with each version of them
 * (`DefaultAzureCredential`, "Environment variables supported by the AWS SDKs").
 */
const logins = [
  { address: /^azblob:/i, variable: /^AZURE_/i },
  { address: /^s3:/i, variable: /^AWS_/i },
] as const;

/** Whether a variable is a login of the store that is configured. */
export function isStoreLogin({ url }: Pick<StoreSettings, 'url'>, variable: string): boolean {
  return logins.some((one) => one.address.test(url ?? '') && one.variable.test(variable));
}

/**
 * What programs in a checkout may be given of the environment of the command. Whoever can write to the store decides what is
 * proven and who is paid: its logins reach no agent and no proof command, whatever the configuration names.
 */
export function withoutStoreLogins(
  env: Readonly<Record<string, string>>,
  store: Pick<StoreSettings, 'url'>,
): Readonly<Record<string, string>> {
  const names = Object.keys(env);
  if (!names.some((name) => isStoreLogin(store, name))) return env;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isStoreLogin(store, name)));
}
