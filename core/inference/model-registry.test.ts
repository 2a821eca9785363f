import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelRegistry } from './model-registry.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-models-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const MANIFEST = {
  setId: '2026-01',
  createdAt: '2026-01-01T00:00:00Z',
  validUntil: '2026-07-01T00:00:00Z',
  featureSetHash: 'a'.repeat(64),
  models: [{ id: 'xgb', kind: 'xgboost', file: 'xgb.onnx', sha256: 'b'.repeat(64) }],
};

describe('ModelRegistry', () => {
  it('abstains and says so when no model is installed', () => {
    const models = ModelRegistry.open(folder);
    expect(models.installed).toBe(0);
    expect(models.opine()).toMatchObject({
      kind: 'abstention',
      voter: 'ensemble',
      code: 'no-model-installed',
      message: 'no model is installed: the ensemble abstains',
    });
  });

  it.each([
    ['is not JSON', '{', 'not JSON'],
    ['misses what it must have', JSON.stringify({ ...MANIFEST, setId: undefined }), 'setId'],
    ['has a hash that is none', JSON.stringify({ ...MANIFEST, featureSetHash: 'x' }), 'featureSetHash'],
    ['names no model', JSON.stringify({ ...MANIFEST, models: [] }), 'models'],
  ])('abstains with a typed reason when the manifest %s', (_, content, word) => {
    writeFileSync(join(folder, 'manifest.json'), content);
    const vote = ModelRegistry.open(folder).opine();
    expect(vote).toMatchObject({ kind: 'abstention', code: 'failed' });
    expect(vote.message).toContain(word);
  });

  it('abstains when the manifest cannot be read', () => {
    mkdirSync(join(folder, 'manifest.json'));
    expect(ModelRegistry.open(folder).opine()).toMatchObject({ code: 'failed' });
  });

  it('guesses nothing for a set that it cannot run', () => {
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(MANIFEST));
    const models = ModelRegistry.open(folder);
    expect(models.opine()).toMatchObject({ kind: 'abstention', code: 'failed' });
    expect(models.message).toContain('2026-01');
  });
});
