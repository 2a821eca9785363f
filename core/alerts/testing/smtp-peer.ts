import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What the peer was handed. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly data: string;
}

/** What it does with a mail; `hang` says nothing at all, `half` falls silent after the mail. */
export type SmtpMood = 'take' | 'refuse' | 'busy' | 'hang' | 'half';

export interface SmtpPeerOptions {
  readonly mood: SmtpMood;
  /** Where mails are taken only with it; null: nobody is asked. */
  readonly login?: { readonly user: string; readonly password: string } | null;
}

/** A mail server of RFC 5321 on this machine, with PLAIN logins (RFC 4954) and no TLS. */
export async function smtpPeer({ mood: first, login = null }: SmtpPeerOptions) {
  const mails: Mail[] = [];
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let connections = 0;
  let mood = first;
  const wake = (): void => {
    for (const each of waiting.splice(0)) each();
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    connections += 1;
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    wake();
    if (mood === 'hang') return;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    let loggedIn = login === null;
    let from = '';
    let to: string[] = [];
    let data: string | null = null;
    let rest = '';
    say('220 peer ESMTP');
    const hear = (line: string): void => {
      lines.push(line);
      const word = line.slice(0, 4).toUpperCase();
      if (word === 'EHLO') {
        say('250-peer');
        if (login !== null) say('250-AUTH PLAIN');
        say('250 8BITMIME');
      } else if (word === 'AUTH') {
        const [, user, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString()
          .split('\0');
        loggedIn = user === login?.user && password === login?.password;
        say(loggedIn ? '235 welcome' : '535 5.7.8 wrong user or password');
      } else if (word === 'MAIL') {
        from = line.slice('MAIL FROM:'.length);
        to = [];
        say(loggedIn ? '250 ok' : '530 5.7.0 log in first');
      } else if (word === 'RCPT') {
        to.push(line.slice('RCPT TO:'.length));
        if (mood === 'refuse') say('550 5.1.1 no such mailbox');
        else say(mood === 'busy' ? '451 4.7.1 come again later' : '250 ok');
      } else if (word === 'DATA') {
        data = '';
        say('354 go on');
      } else if (word === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('250 ok');
    };
    socket.on('data', (chunk) => {
      rest += String(chunk);
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data === null) hear(line);
        else if (line !== '.') data += `${line}\n`;
        else {
          mails.push({ from, to, data });
          data = null;
          if (mood !== 'half') say('250 queued');
          wake();
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ mails, lines, port: (server.address() as AddressInfo).port },
    becomes(next: SmtpMood): void {
      mood = next;
    },
    /** Resolves once somebody has connected, or handed over so many mails. */
    async met(what: 'connection' | 'mail'): Promise<void> {
      while ((what === 'mail' ? mails.length : connections) === 0)
        await new Promise<void>((resolve) => waiting.push(resolve));
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type SmtpPeer = Awaited<ReturnType<typeof smtpPeer>>;
