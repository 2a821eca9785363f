import { createContext, useContext } from 'react';
import type { HostConnection } from '../host/index.ts';

export const HostContext = createContext<HostConnection | null>(null);

/** The connection to the program. */
export function useHost(): HostConnection {
  const host = useContext(HostContext);
  if (host === null) throw new TypeError('no HostContext above this component');
  return host;
}
