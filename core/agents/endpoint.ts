/** Whether a server stands on this machine or in the trader's own network, where calls cost nothing by default. */
export function isLocalEndpoint(baseUrl: string): boolean {
  const host = new URL(baseUrl).hostname.replace(/^\[|\]$/g, '');
  if (/^(localhost|.+\.localhost|.+\.local|::1|f[cd][0-9a-f]{2}:.*|fe80:.*)$/.test(host)) return true;
  const [, first, second] = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host)?.map(Number) ?? [];
  if (first === undefined || second === undefined) return false;
  if (first === 127 || first === 10) return true;
  return (first === 192 && second === 168) || (first === 172 && second >= 16 && second < 32);
}

/** Host, and port if not the scheme's own, of a base URL. */
export function hostOf(baseUrl: string): string {
  return new URL(baseUrl).host;
}
