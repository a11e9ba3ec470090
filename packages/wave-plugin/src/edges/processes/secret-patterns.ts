/** Names are written `api_key`, `API_KEY`, `Api_key`: the engine has no case switch for a part of an expression. */
const secretWords = [
  'password',
  'passwd',
  'secret',
  'token',
  'api_key',
  'apiKey',
  'apikey',
  'access_key',
  'accessKey',
  'private_key',
  'privateKey',
]
  .flatMap((word) => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)])
  .filter((word, index, all) => all.indexOf(word) === index);

export interface SecretPattern {
  name: string;
  /** One of these stands in every text with such a secret: to look for them first is much faster. */
  hints: readonly string[] | RegExp;
  source: string;
}

/**
 * Secrets that are known by their form alone. Each is a published token format of a service, or a place in which a
 * secret always stands. Only the secret itself is matched, by look-behind where a word in front of it is needed.
 */
export const secretPatterns: readonly SecretPattern[] = [
  {
    name: 'private key',
    hints: ['PRIVATE KEY'],
    source:
      '-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)',
  },
  { name: 'Anthropic, OpenAI and compatible keys', hints: ['sk-'], source: '\\bsk-[A-Za-z0-9_-]{16,}' },
  {
    name: 'GitHub token',
    hints: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    source: '\\bgh[pousr]_[A-Za-z0-9]{30,}|\\bgithub_pat_[A-Za-z0-9_]{40,}',
  },
  {
    name: 'GitLab token',
    hints: ['gl'],
    source: '\\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[A-Za-z0-9_-]{20,}',
  },
  { name: 'npm token', hints: ['npm_'], source: '\\bnpm_[A-Za-z0-9]{36}' },
  { name: 'npm registry login', hints: ['_authToken'], source: '(?<=_authToken\\s{0,3}=\\s{0,3})[^\\s"\']+' },
  {
    name: 'AWS access key id',
    hints: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    source: '\\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\\b',
  },
  {
    name: 'AWS secret',
    hints: ['aws_secret_access_key', 'SecretAccessKey'],
    source: '(?<=(?:aws_secret_access_key|SecretAccessKey)["\']?\\s{0,3}[:=]\\s{0,3}["\']?)[A-Za-z0-9/+]{40}',
  },
  { name: 'Google API key', hints: ['AIza'], source: '\\bAIza[A-Za-z0-9_-]{35}' },
  { name: 'Google OAuth token', hints: ['ya29.'], source: '\\bya29\\.[A-Za-z0-9_-]{20,}' },
  { name: 'Azure storage key', hints: ['AccountKey='], source: '(?<=AccountKey=)[A-Za-z0-9+/=]{60,}' },
  {
    name: 'Slack token',
    hints: ['xox', 'xapp-'],
    source: '\\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\\bxapp-[A-Za-z0-9-]{20,}',
  },
  {
    name: 'Slack web hook',
    hints: ['hooks.slack.com'],
    source: '(?<=hooks\\.slack\\.com/(?:services|workflows)/)[A-Za-z0-9/_-]{20,}',
  },
  {
    name: 'Stripe key',
    hints: ['k_live_', 'k_test_', 'whsec_'],
    source: '\\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|\\bwhsec_[A-Za-z0-9]{24,}',
  },
  { name: 'Hugging Face token', hints: ['hf_'], source: '\\bhf_[A-Za-z0-9]{30,}' },
  { name: 'SendGrid key', hints: ['SG.'], source: '\\bSG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}' },
  { name: 'DigitalOcean token', hints: ['_v1_'], source: '\\bdo[opr]_v1_[a-f0-9]{64}' },
  { name: 'Shopify token', hints: ['shp'], source: '\\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}' },
  { name: 'Linear key', hints: ['lin_'], source: '\\blin_(?:api|oauth)_[A-Za-z0-9]{30,}' },
  {
    name: 'Notion token',
    hints: ['ntn_', 'secret_'],
    source: '\\bntn_[A-Za-z0-9]{40,}|\\bsecret_[A-Za-z0-9]{43}\\b',
  },
  { name: 'Docker Hub token', hints: ['dckr_'], source: '\\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}' },
  { name: 'PyPI token', hints: ['pypi-'], source: '\\bpypi-[A-Za-z0-9_-]{50,}' },
  { name: 'Vault token', hints: ['hvs.', 'hvb.', 'hvr.'], source: '\\bhv[sbr]\\.[A-Za-z0-9_-]{24,}' },
  { name: '1Password token', hints: ['ops_eyJ'], source: '\\bops_eyJ[A-Za-z0-9_-]{40,}' },
  { name: 'Databricks token', hints: ['dapi'], source: '\\bdapi[a-f0-9]{32}\\b' },
  { name: 'Groq key', hints: ['gsk_'], source: '\\bgsk_[A-Za-z0-9]{40,}' },
  { name: 'Mailchimp key', hints: ['-us'], source: '\\b[a-f0-9]{32}-us[0-9]{1,2}\\b' },
  { name: 'age key', hints: ['AGE-SECRET-KEY-1'], source: '\\bAGE-SECRET-KEY-1[A-Z0-9]{40,}' },
  {
    name: 'JSON Web Token',
    hints: ['eyJ'],
    source: '(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*',
  },
  {
    name: 'Authorization header',
    hints: ['Bearer', 'Basic'],
    source: '(?<=\\b(?:Bearer|Basic)\\s)[A-Za-z0-9._~+/=-]{12,}',
  },
  {
    name: 'password in a URL',
    hints: ['://'],
    source: '(?<=\\b[a-z][a-z0-9+.-]{1,20}://[^\\s:/@]{0,80}:)[^\\s:/@"\']+(?=@)',
  },
  {
    name: 'value of a secret-looking name',
    hints: /(?:passw(?:or)?d|secret|token|key)\\?["']?\s?[:=]/i,
    source:
      `(?<=(?:${secretWords.join('|')})` +
      '\\\\?["\']?\\s?[:=]\\s?\\\\?["\']?)' +
      '(?=[A-Za-z0-9+/_.~-]*[0-9])(?=[A-Za-z0-9+/_.~-]*[A-Za-z])[A-Za-z0-9+/_.~-]{16,}={0,2}',
  },
];

/** Names of environment variables whose values are taken for secrets. */
const secretName =
  /token|secret|passw|passphrase|credential|cookie|api_?key|access_?key|private_?key|auth_(content|json|config)|(^|_)(auth|key|pat|pwd|dsn)$|connection_?string|database_url/i;
/** Look like secrets by name and are none. */
const harmlessName = /^(PWD|OLDPWD|SSH_AUTH_SOCK|XAUTHORITY)$/;

/** Whether a name, of a variable or in a JSON login, is that of a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !harmlessName.test(name);
}

/** Whether the value of a variable is taken for a secret: by its name, or because the configuration names it. */
export function isSecretVariable(name: string, named: ReadonlySet<string>): boolean {
  return named.has(name) || isSecretName(name);
}
