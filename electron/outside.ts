/** Sites that the pages link to: whose chart is drawn is said with a link. */
const HOSTS: ReadonlySet<string> = new Set(['www.tradingview.com']);

/** Whether a link may be opened in the trader's browser: a page that was led astray must not choose what is opened. */
export function mayOpenOutside(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === 'https:' && HOSTS.has(host) && username === '' && password === '';
}
