/** Names that the public internet does not know, and single words, which it has no room for. */
const LOCAL_NAME = /^([^.:]+|.+\.(localhost|local|lan|internal|home\.arpa))$/;
const LOCAL_IPV6 = /^(::1|f[cd][0-9a-f]{2}:.*|fe80:.*)$/;

/** Whether a server stands on this machine or in the trader's own network, where calls cost nothing by default. */
export function isLocalEndpoint(baseUrl: string): boolean {
  const host = new URL(baseUrl).hostname.replace(/^\[|\]$/g, '');
  if (LOCAL_NAME.test(host) || LOCAL_IPV6.test(host)) return true;
  const [, first, second] = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host)?.map(Number) ?? [];
  if (first === undefined || second === undefined) return false;
  // RFC 1122 (this host, loopback) and RFC 1918 (private networks).
  if (first === 0 || first === 127 || first === 10) return true;
  return (first === 192 && second === 168) || (first === 172 && second >= 16 && second < 32);
}

/** Host, and port if not the scheme's own, of a base URL. */
export function hostOf(baseUrl: string): string {
  return new URL(baseUrl).host;
}
