import { describe, expect, it } from 'vitest';
import { hostOf, isLocalEndpoint } from './endpoint.ts';

describe('an endpoint', () => {
  it.each([
    'http://localhost:11434/v1',
    'http://ollama:11434/v1',
    'http://127.0.0.1:4010/v1',
    'http://0.0.0.0:1234/v1',
    'http://10.1.2.3/v1',
    'http://172.16.0.1/v1',
    'http://172.31.255.1/v1',
    'http://192.168.1.20:8080/v1',
    'http://[::1]:11434/v1',
    'http://[fd12:3456::1]/v1',
    'http://studio.local:1234/v1',
    'http://host.docker.internal:11434/v1',
  ])("%s is the trader's own", (url) => {
    expect(isLocalEndpoint(url)).toBe(true);
  });

  it.each([
    'https://api.openai.com/v1',
    'https://openrouter.ai/api/v1',
    'http://8.8.8.8/v1',
    'http://172.32.0.1/v1',
    'http://192.169.0.1/v1',
    'http://127.0.0.1.example.com/v1',
    'https://localhost.example.com/v1',
    'http://[2001:db8::1]/v1',
  ])("%s is somebody else's", (url) => {
    expect(isLocalEndpoint(url)).toBe(false);
  });

  it('is named by host and port', () => {
    expect(hostOf('http://user:pass@127.0.0.1:4010/v1')).toBe('127.0.0.1:4010');
  });
});
