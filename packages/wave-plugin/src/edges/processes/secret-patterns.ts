/** As written, in capitals, and with a capital first: the engine has no case switch for a part of an expression. */
function anyCase(...words: string[]): string {
  const forms = words.flatMap((word) => [
    word,
    word.toUpperCase(),
    word.charAt(0).toUpperCase() + word.slice(1),
  ]);
  return [...new Set(forms)].join('|');
}

/**
 * Secrets that are known by their form alone. Each is a published token format of a service, or a place in which a
 * secret always stands. Only the secret itself is matched, by look-behind where a word in front of it is needed.
 */
export const secretPatterns: readonly { name: string; source: string }[] = [
  {
    name: 'private key',
    source: '-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)',
  },
  { name: 'Anthropic, OpenAI and compatible keys', source: '\\bsk-[A-Za-z0-9_-]{16,}' },
  { name: 'GitHub token', source: '\\bgh[pousr]_[A-Za-z0-9]{30,}|\\bgithub_pat_[A-Za-z0-9_]{40,}' },
  { name: 'GitLab token', source: '\\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[A-Za-z0-9_-]{20,}' },
  { name: 'npm token', source: '\\bnpm_[A-Za-z0-9]{36}' },
  { name: 'npm registry login', source: '(?<=_authToken\\s{0,3}=\\s{0,3})[^\\s"\']+' },
  { name: 'AWS access key id', source: '\\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\\b' },
  {
    name: 'AWS secret',
    source: '(?<=(?:aws_secret_access_key|SecretAccessKey)["\']?\\s{0,3}[:=]\\s{0,3}["\']?)[A-Za-z0-9/+]{40}',
  },
  { name: 'Google API key', source: '\\bAIza[A-Za-z0-9_-]{35}' },
  { name: 'Google OAuth token', source: '\\bya29\\.[A-Za-z0-9_-]{20,}' },
  { name: 'Azure storage key', source: '(?<=AccountKey=)[A-Za-z0-9+/=]{60,}' },
  { name: 'Slack token', source: '\\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\\bxapp-[A-Za-z0-9-]{20,}' },
  { name: 'Slack web hook', source: '(?<=hooks\\.slack\\.com/(?:services|workflows)/)[A-Za-z0-9/_-]{20,}' },
  { name: 'Stripe key', source: '\\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|\\bwhsec_[A-Za-z0-9]{24,}' },
  { name: 'Hugging Face token', source: '\\bhf_[A-Za-z0-9]{30,}' },
  { name: 'SendGrid key', source: '\\bSG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}' },
  { name: 'DigitalOcean token', source: '\\bdo[opr]_v1_[a-f0-9]{64}' },
  { name: 'Shopify token', source: '\\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}' },
  { name: 'Linear key', source: '\\blin_(?:api|oauth)_[A-Za-z0-9]{30,}' },
  { name: 'Notion token', source: '\\bntn_[A-Za-z0-9]{40,}|\\bsecret_[A-Za-z0-9]{43}\\b' },
  { name: 'Docker Hub token', source: '\\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}' },
  { name: 'PyPI token', source: '\\bpypi-[A-Za-z0-9_-]{50,}' },
  { name: 'Vault token', source: '\\bhv[sbr]\\.[A-Za-z0-9_-]{24,}' },
  { name: 'JSON Web Token', source: '\\beyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*' },
  { name: 'Authorization header', source: '(?<=\\b(?:Bearer|Basic)\\s)[A-Za-z0-9._~+/=-]{12,}' },
  {
    name: 'password in a URL',
    source: '(?<=\\b[a-z][a-z0-9+.-]{1,20}://[^\\s:/@]{0,80}:)[^\\s:/@"\']+(?=@)',
  },
  {
    name: 'value of a secret-looking name',
    source:
      `(?<=(?:${anyCase('password', 'passwd', 'secret', 'token', 'api_key', 'apiKey', 'apikey', 'access_key', 'accessKey', 'private_key', 'privateKey')})` +
      '\\\\?["\']?\\s?[:=]\\s?\\\\?["\']?)' +
      '(?=[A-Za-z0-9+/_.~-]*[0-9])(?=[A-Za-z0-9+/_.~-]*[A-Za-z])[A-Za-z0-9+/_.~-]{16,}={0,2}',
  },
];

/** Names of environment variables whose values are taken for secrets. */
export const secretName =
  /token|secret|passw|passphrase|credential|cookie|api_?key|access_?key|private_?key|(^|_)(auth|key|pat|pwd|dsn)$|connection_?string|database_url/i;
/** Look like secrets by name and are none. */
export const harmlessName = /^(PWD|OLDPWD|SSH_AUTH_SOCK|XAUTHORITY)$/;
