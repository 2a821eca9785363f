import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

/** Rules for what lies in `deploy/`. No container is started here: these are read, and held to what docs/deployment.md says. */

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const ServiceSchema = z.looseObject({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  mem_limit: z.string(),
  cpus: z.number(),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  network_mode: z.string().optional(),
  networks: z.array(z.string()).optional(),
  restart: z.string().optional(),
  privileged: z.literal(false).optional(),
});
const ComposeSchema = z.looseObject({
  services: z.record(z.string(), ServiceSchema),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() })).optional(),
});

const compose = (path: string) => ComposeSchema.parse(load(read(path)));
const PRODUCTION = compose('deploy/compose.yaml');
const DEVELOPMENT = compose('deploy/compose.dev.yaml');
const service = (name: string) => ServiceSchema.parse(PRODUCTION.services[name]);

describe('the compose file', () => {
  test('has the program, nginx and TimescaleDB, each with limits and a version of its own', () => {
    expect(Object.keys(PRODUCTION.services)).toEqual(['tradebot', 'nginx', 'timescale']);
    for (const { services } of [PRODUCTION, DEVELOPMENT]) {
      for (const [name, { image, mem_limit, cpus }] of Object.entries(services)) {
        expect(mem_limit, name).toMatch(/^\d+m$/);
        expect(cpus, name).toBeGreaterThan(0);
        if (name !== 'tradebot') expect(image, name).toMatch(/:v?\d+\.\d+/);
      }
    }
  });

  test.each(['tradebot', 'nginx'])(
    '%s cannot write its own files and has no rights that it does not need',
    (name) => {
      const { read_only, cap_drop, security_opt, restart } = service(name);
      expect([read_only, cap_drop, security_opt, restart]).toEqual([
        true,
        ['ALL'],
        ['no-new-privileges:true'],
        'unless-stopped',
      ]);
    },
  );

  test('what comes from outside is read-only, and secrets come from files that git ignores', () => {
    const mounts = Object.values(PRODUCTION.services).flatMap(({ volumes }) => volumes);
    const ofHost = mounts.filter((mount) => mount.startsWith('.'));
    expect(ofHost.filter((mount) => !mount.endsWith(':ro'))).toEqual([]);
    expect(service('tradebot').volumes).toContain('./secrets:/run/secrets:ro');
    for (const folder of ['deploy/secrets/', 'deploy/tls/'])
      expect(read('.gitignore').split('\n')).toContain(folder);
    for (const folder of ['deploy/secrets', 'deploy/tls'])
      expect(read('deploy/Dockerfile.dockerignore').split('\n')).toContain(folder);
    const set = Object.values(PRODUCTION.services).flatMap(({ environment }) => Object.entries(environment));
    // A password in the environment is seen by whoever may look at the container.
    expect(set.filter(([name]) => /SECRET|TOKEN|PASSWORD(?!_FILE)|KEY/.test(name))).toEqual([]);
    expect(set.filter(([, value]) => /:\/\/[^/]*:[^/]*@/.test(value))).toEqual([]);
  });

  test('only nginx is reached from outside: it shares the network of the program, which listens on its loopback address', () => {
    expect(service('nginx').network_mode).toBe('service:tradebot');
    expect(service('tradebot').ports).toEqual(['443:8443', '80:8080']);
    expect(service('timescale').ports).toEqual([]);
    expect([service('timescale').networks, PRODUCTION.networks?.['inside']?.internal]).toEqual([
      ['inside'],
      true,
    ]);
  });

  test('the one for development is for this machine alone', () => {
    const ports = Object.values(DEVELOPMENT.services).flatMap(({ ports }) => ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

describe('the image', () => {
  const lines = read('deploy/Dockerfile').split('\n');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM')));
  const of = (word: string): readonly string[] => last.filter((line) => line.startsWith(`${word} `));

  test('runs as a user without rights, and ends at a polite signal', () => {
    expect(of('USER')).toEqual(['USER node']);
    expect(of('STOPSIGNAL')).toEqual(['STOPSIGNAL SIGTERM']);
    expect(of('ADD')).toEqual([]);
    expect(lines.filter((line) => /^(ARG|ENV) .*(KEY|SECRET|TOKEN|PASSWORD)/.test(line))).toEqual([]);
  });

  test('is well while it is alive, and prints its log', () => {
    const check = last.join('\n');
    expect(check).toMatch(/HEALTHCHECK[\s\S]*127\.0\.0\.1:5173\/health'/);
    // Readiness says no after an emergency stop.
    expect(check).not.toContain('/api/v1/health');
    expect(of('CMD')).toEqual(['CMD ["run", "--headless", "--no-open", "--log-stdout"]']);
  });

  test('is of the version of Node that the project is tested with', () => {
    const major = read('.nvmrc').trim();
    for (const line of lines.filter((each) => each.startsWith('FROM')))
      expect(line).toContain(`node:${major}-`);
  });
});

describe('nginx', () => {
  const conf = read('deploy/nginx/tradebot.conf.template');

  test('its braces match, and each directive ends', () => {
    const code = conf
      .replace(/#.*$/gm, '')
      .replace(/"[^"]*"|'[^']*'/g, 'text')
      .replace(/\$\{\w+\}/g, 'name');
    let depth = 0;
    for (const sign of code) {
      if (sign === '{') depth += 1;
      if (sign === '}') depth -= 1;
      expect(depth).toBeGreaterThanOrEqual(0);
    }
    expect(depth).toBe(0);
    const loose = code.split('\n').filter((line) => line.trim() !== '' && !/[;{}]\s*$/.test(line));
    expect(loose).toEqual([]);
  });

  test.each([
    ['TLS of today', /ssl_protocols TLSv1\.2 TLSv1\.3;/],
    ['the page’s own origin only', /"https:\/\/\$\{SERVER_NAME\}" "http:\/\/127\.0\.0\.1:5173";/],
    ['a limit for every route', /location \/ \{\s*limit_req zone=pages/],
    [
      'the signed way to the kill switch',
      /kill-switch\/\(activate\|deactivate\)\$ \{\s*limit_req zone=signed/,
    ],
    ['logins few', /location = \/api\/v1\/session \{\s*limit_req zone=logins/],
    ['figures and health not outside', /\^\/\(metrics\|health[^)]*\) \{\s*return 404;/],
    ['sockets', /location = \/ws \{[^}]*proxy_read_timeout 1h;/],
  ])('has %s', (_, rule) => {
    expect(conf).toMatch(rule);
  });
});

test('the systemd unit gives the program no rights, and the time to settle what is in flight', () => {
  const unit = new Map(
    read('deploy/tradebot.service')
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  );
  expect(Object.fromEntries(unit)).toMatchObject({
    ...{ User: 'tradebot', NoNewPrivileges: 'yes', ProtectSystem: 'strict', CapabilityBoundingSet: '' },
    ...{ UMask: '0077', Restart: 'on-failure', KillSignal: 'SIGTERM', TimeoutStopSec: '30' },
    BindReadOnlyPaths: '/etc/tradebot/secrets:/run/secrets',
  });
  expect(unit.get('ExecStart')).toContain('scripts/tradebot.mjs run --headless --no-open --log-stdout');
  expect(unit.has('MemoryMax') && unit.has('CPUQuota')).toBe(true);
});
