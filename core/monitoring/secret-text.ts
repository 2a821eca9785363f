/** Finding secrets in text: by the word before them, or by their own look. */

export const REDACTED = '[redacted]';

/** Longer text is cut: nobody reads it in a log, and it would cost time at a bad moment. */
const LONGEST_TEXT = 20_000;

const NAME =
  '(?:(?:api|access|private|secret)[-_ ]?key|secret|passw(?:or)?d|passphrase|pwd|token|signature|hmac|credentials?)';
/** What may stand between a name and its value: quotes, also escaped ones, and a colon or an equals sign. */
const ASSIGNED = '["\'\\\\]*\\s*[:=]\\s*';

/** Each pattern, and what is kept of it. Counts are bounded where a hostile text could make a search slow. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  // Several words long: everything up to the quote or the end of the line.
  [
    new RegExp(`((?:authorization|cookie|mnemonic|seed[-_ ]?phrase)${ASSIGNED}["'\\\\]*)[^\\n"'\\\\]+`, 'gi'),
    `$1${REDACTED}`,
  ],
  [
    new RegExp(`(${NAME}[\\w-]{0,40}${ASSIGNED})(?:\\\\*"[^"\\\\]*|\\\\*'[^'\\\\]*|[^\\s"',;&}\\])]+)`, 'gi'),
    `$1${REDACTED}`,
  ],
  [/([#?&][\w.-]{0,40}(?:key|sig|auth|code|session)[\w.-]{0,40}=)[^\s&"'#]+/gi, `$1${REDACTED}`],
  // Name and password before the host of an address, or a token alone.
  [/(:\/\/)[^\s/@"']{0,100}:[^\s"']{0,300}@/g, `$1${REDACTED}@`],
  [/(:\/\/)[^\s/@"':?#]{1,300}@/g, `$1${REDACTED}@`],
  [/\b(Bearer\s+)[A-Za-z0-9._~+/-]{6,}=*/gi, `$1${REDACTED}`],
  [/\b(Basic\s+)(?=[a-z]*[A-Z0-9=])[A-Za-z0-9+/]{6,}=*/g, `$1${REDACTED}`],
  // By their usual beginnings: language models, Slack, GitHub, GitLab, npm, Amazon, Google, web tokens, Telegram bots.
  [/(?<![A-Za-z0-9])(?:sk|pk|rk)[-_][A-Za-z0-9_-]{12,}/g, REDACTED],
  [/\b(?:xox[a-z]|xapp|glpat)-[A-Za-z0-9-]{10,}/g, REDACTED],
  [/\b(?:gh[pousr]|github_pat|npm)_[A-Za-z0-9_]{20,}/g, REDACTED],
  [/\b(?:AKIA[0-9A-Z]{16}|AIza[A-Za-z0-9_-]{30,})/g, REDACTED],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, REDACTED],
  [/\d{6,12}:[A-Za-z0-9_-]{30,}/g, REDACTED],
  [/\b(hooks\.slack\.com\/|discord(?:app)?\.com\/api\/webhooks\/)[A-Za-z0-9/_-]+/g, `$1${REDACTED}`],
  // Long hexadecimal runs are keys, signatures and wallets; order and trade ids are shorter.
  [/(?<![A-Fa-f0-9])[A-Fa-f0-9]{40,}/g, REDACTED],
];

const LONG_RUN = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}={0,2}/g;

/** The text without anything that looks like a secret. */
export function redactText(text: string): string {
  const short = text.length > LONGEST_TEXT ? cut(text) : text;
  const known = SECRETS.reduce((clean, [pattern, kept]) => clean.replace(pattern, kept), short);
  return known.replace(LONG_RUN, (run) => (looksRandom(run) ? REDACTED : run));
}

/** Ends at a space, so that no half of a secret is left that would not be recognised. */
function cut(text: string): string {
  const kept = text.slice(0, text.lastIndexOf(' ', LONGEST_TEXT) + 1);
  return `${kept}[${text.length - kept.length} more characters]`;
}

/** Base64 mixes capitals, small letters and digits, and has a slash every 64 characters; a path has many more. */
function looksRandom(run: string): boolean {
  const slashes = run.split('/').length - 1;
  return /[0-9]/.test(run) && /[A-Z]/.test(run) && /[a-z]/.test(run) && slashes * 16 <= run.length;
}
