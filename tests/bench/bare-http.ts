import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Node itself takes to answer a small document: started as a process of its own by `npm run bench -- api`. */

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"alive":true}');
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
