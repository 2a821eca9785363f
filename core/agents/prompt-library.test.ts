import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TraderError } from '../domain/index.ts';
import { PROMPT_NAMES, PromptLibrary, promptsFolder } from './prompt-library.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-prompts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the prompts', () => {
  it('come with the program, each with a version, and are what is read without own copies', () => {
    const library = new PromptLibrary({ own: join(folder, 'prompts') });
    const prompts = PROMPT_NAMES.map((name) => library.read(name));
    expect(prompts.map(({ name, own, version }) => [name, own, version])).toEqual(
      PROMPT_NAMES.map((name) => [name, false, name === 'rebuttal' ? '1' : '2']),
    );
    const bull = library.read('bull');
    expect(bull.text).toMatch(/^You are Bull/);
    expect(bull.text).not.toContain('version:');
    expect(bull.source).toContain('version: 2');
  });

  it("the trader's own copy goes first until it is reset; the program's stays at hand for a diff", () => {
    const library = new PromptLibrary({ own: join(folder, 'prompts') });
    const saved = library.save('bull', '---\nversion: mine-2\n---\nBe careful.\n');
    expect(saved).toMatchObject({ own: true, version: 'mine-2', text: 'Be careful.' });
    expect(library.read('bull')).toEqual(saved);
    expect(new PromptLibrary({ own: join(folder, 'prompts') }).read('bull')).toEqual(saved);
    expect(library.shipped('bull')).toMatchObject({ own: false, version: '2' });
    expect(library.read('bear').own).toBe(false);
    expect(library.reset('bull')).toMatchObject({ own: false });
    expect(library.read('bull').own).toBe(false);
    expect(library.reset('bull').own).toBe(false);
  });

  it('one with other line endings tells the model the same text, so that its calls have the same keys', () => {
    const library = new PromptLibrary({ own: folder });
    const { text } = library.save('bull', 'Be careful.\r\nAlways.\r\n');
    expect(text).toBe('Be careful.\nAlways.');
    expect(text).toBe(library.save('bull', 'Be careful.\nAlways.').text);
  });

  it.each([
    ['a byte order mark', Buffer.from('\u{feff}---\nversion: 2\n---\nBe careful.\n')],
    ['UTF-16', Buffer.from('\u{feff}---\r\nversion: 2\r\n---\r\nBe careful.\r\n', 'utf16le')],
  ])('one that an editor has kept with %s is the same prompt', (_, bytes) => {
    writeFileSync(join(folder, 'bull.md'), bytes);
    const read = new PromptLibrary({ own: folder }).read('bull');
    expect(read).toMatchObject({ text: 'Be careful.', version: '2' });
    expect(read.text).toBe(new PromptLibrary({ own: folder }).save('bull', `\u{feff}${read.source}`).text);
  });

  it('a copy without front matter has no version', () => {
    expect(new PromptLibrary({ own: folder }).save('bear', 'Be careful.').version).toBe('unversioned');
  });

  it.each([
    ['empty', '---\nversion: 2\n---\n  \n', /is empty/],
    ['too long', 'x'.repeat(20_001), /longer than 20 kB/],
  ])('one that is %s is refused in one line, and the old one stays', (_, source, words) => {
    const library = new PromptLibrary({ own: folder });
    library.save('bull', 'Be careful.');
    expect(() => library.save('bull', source)).toThrow(words);
    expect(library.read('bull').text).toBe('Be careful.');
    writeFileSync(join(folder, 'bear.md'), source);
    expect(() => library.read('bear')).toThrow(TraderError);
  });

  it('what cannot be read or written says so', () => {
    mkdirSync(join(folder, 'bull.md'));
    const library = new PromptLibrary({ own: folder });
    expect(() => library.read('bull')).toThrow(/cannot be read/);
    expect(() => library.save('bull', 'x')).toThrow(/cannot be written/);
    expect(() => new PromptLibrary({ own: null }).save('bull', 'x')).toThrow(/no folder/);
  });

  it('are found beside the source, from a bundle in a checkout, and beside a packaged application', () => {
    expect(readFileSync(join(promptsFolder(), 'rebuttal.md'), 'utf8')).toContain('yourCase');
    for (const place of [join('core', 'agents', 'prompts'), 'prompts']) {
      const root = join(folder, place.replaceAll('/', '-'));
      mkdirSync(join(root, place), { recursive: true });
      writeFileSync(join(root, place, 'rebuttal.md'), 'x');
      mkdirSync(join(root, 'out', 'main'), { recursive: true });
      expect(promptsFolder(join(root, 'out', 'main'))).toBe(join(root, place));
    }
    expect(() => promptsFolder(folder)).toThrow(/install the program again/);
  });
});
