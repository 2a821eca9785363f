export { connectToHost } from './connect.ts';
export type { ConnectionState, HostConnection, TopicMessage, TopicOfAddress } from './host-connection.ts';
export { logIn, tokenIn } from './session.ts';
