import { AsyncEntry } from 'keytar';
import { afterEach, describe, expect, test } from 'vitest';

const SERVICE = 'llm-tradebot-system-test';
const SECRET = 'p\u00e4ssw\u00f6rd with spaces, "quotes" and \u20bf';

/** Without `store` Linux falls back to the kernel's keyring in silence, which forgets at the next reboot. */
function entry(account: string): AsyncEntry {
  return new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } });
}

describe('the keychain of the operating system', () => {
  afterEach(async () => {
    await entry('apiKey').deletePassword();
  });

  test('keeps a secret that a later entry of the same name reads', async () => {
    await entry('apiKey').setPassword(SECRET);
    expect(await entry('apiKey').getPassword()).toBe(SECRET);
  });

  test('replaces a secret', async () => {
    await entry('apiKey').setPassword('old');
    await entry('apiKey').setPassword('new');
    expect(await entry('apiKey').getPassword()).toBe('new');
  });

  test('forgets a deleted secret, and says whether there was one', async () => {
    await entry('apiKey').setPassword(SECRET);
    expect(await entry('apiKey').deletePassword()).toBe(true);
    expect(await entry('apiKey').getPassword()).toBeNull();
    expect(await entry('apiKey').deletePassword()).toBe(false);
  });

  test('has nothing under a name never used', async () => {
    expect(await entry('neverUsed').getPassword()).toBeNull();
  });
});
