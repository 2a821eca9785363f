import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelLibrary } from './model-library.ts';
import { SMALL_FEATURES } from './testing/model-set-folder.ts';
import { temporarySets } from './testing/temporary-sets.ts';

const sets = temporarySets();

function opened(ownFolder: string | null = sets.folder()) {
  const shippedFolder = sets.write({ setId: 'shipped-set' }).folder;
  const again = () => new ModelLibrary({ shippedFolder, ownFolder, features: SMALL_FEATURES });
  return { library: again(), again, shippedFolder, ownFolder: ownFolder ?? '' };
}
const idsOf = (library: ModelLibrary): string[] => library.list().map(({ setId }) => setId);

describe('the model sets on a machine', () => {
  it('are the shipped one and those installed, each whole', () => {
    const { library, ownFolder } = opened();
    expect(idsOf(library)).toEqual(['shipped-set']);
    library.install(sets.write({ setId: 'mine' }).folder);
    expect(idsOf(library)).toEqual(['shipped-set', 'mine']);
    expect(library.find('mine').folder).toBe(join(ownFolder, 'mine'));
    expect(library.active().setId).toBe('shipped-set');
  });

  it('keep a set that is refused in the list, with the reason', () => {
    const { library, ownFolder } = opened();
    library.install(sets.write({ setId: 'mine' }).folder);
    rmSync(join(ownFolder, 'mine', 'lstm.onnx'));
    expect(library.list()[1]).toMatchObject({ setId: 'mine', set: null, refusal: { code: 'missing-file' } });
  });

  it('are none where none is shipped and there is no data directory', () => {
    const library = new ModelLibrary({
      shippedFolder: sets.folder(),
      ownFolder: null,
      features: SMALL_FEATURES,
    });
    expect(library.list()).toEqual([]);
    expect(library.active()).toMatchObject({ set: null, refusal: { code: 'no-set' } });
  });

  it('do not take a broken set in, and leave nothing of it', () => {
    const { library } = opened();
    const { folder } = sets.write({ setId: 'mine' });
    rmSync(join(folder, 'lstm.onnx'));
    expect(() => library.install(folder)).toThrow(/lstm\.onnx/);
    expect(idsOf(library)).toEqual(['shipped-set']);
  });

  it('do not let an installed set stand in for the shipped one', () => {
    const { library } = opened();
    expect(() => library.install(sets.write({ setId: 'shipped-set', seed: 5 }).folder)).toThrow(
      /shipped-set/,
    );
  });

  it('take a newer one of the same name in place of the older', () => {
    const { library } = opened();
    const first = library.install(sets.write({ setId: 'mine', seed: 5 }).folder);
    const second = library.install(sets.write({ setId: 'mine', seed: 6 }).folder);
    expect(library.find('mine').manifest).toEqual(second.manifest);
    expect(second.manifest).not.toEqual(first.manifest);
  });

  it('are not read again while no file has changed, and are when one has', () => {
    const { library, shippedFolder } = opened();
    const [before] = library.list();
    expect(library.list()[0]).toBe(before);
    const path = join(shippedFolder, 'lightgbm.onnx');
    const content = readFileSync(path);
    content[9] = (content[9] ?? 0) ^ 1;
    writeFileSync(path, content);
    utimesSync(path, 1, 2);
    expect(library.list()[0]).toMatchObject({ refusal: { code: 'hash-mismatch' } });
  });
});

describe('the choice between them', () => {
  it('outlives the program, and so does the one before it', () => {
    const { library, again } = opened();
    library.install(sets.write({ setId: 'mine' }).folder);
    library.choose('mine');
    expect(again().active().setId).toBe('mine');
    expect(again().previous()).toBe('shipped-set');
    again().rollBack();
    expect(again().active().setId).toBe('shipped-set');
    again().rollBack();
    expect(again().active().setId).toBe('mine');
  });

  it('made twice does not lose the one before', () => {
    const { library } = opened();
    library.install(sets.write({ setId: 'mine' }).folder);
    library.choose('mine');
    library.choose('mine');
    expect(library.previous()).toBe('shipped-set');
  });

  it('of a set that was damaged since is refused, not replaced by another set', () => {
    const { library, again, ownFolder } = opened();
    library.install(sets.write({ setId: 'mine' }).folder);
    library.choose('mine');
    writeFileSync(join(ownFolder, 'mine', 'lstm.onnx'), '');
    expect(again().active()).toMatchObject({ setId: 'mine', set: null, refusal: { code: 'truncated' } });
  });

  it.each(['{', '{"setId": 1}', ''])('written wrongly (%s) leaves the shipped one', (content) => {
    const { library, ownFolder } = opened();
    library.install(sets.write({ setId: 'mine' }).folder);
    writeFileSync(join(ownFolder, 'active.json'), content);
    expect(library.active().setId).toBe('shipped-set');
  });

  it('cannot be made without a data directory', () => {
    const { library } = opened(null);
    expect(() => library.choose('shipped-set')).not.toThrow();
    expect(() => library.install(sets.write().folder)).toThrow(/data directory/);
    expect(() => library.rollBack()).toThrow(/no earlier/);
  });
});
