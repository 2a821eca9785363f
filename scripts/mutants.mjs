#!/usr/bin/env node
import './check-node.mjs';
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import typescript from 'typescript';
import { MUTANTS } from '../tests/mutants/mutants.mjs';

/**
 * `npm run mutants [-- --only NAME]`: plants one fault after the other in the money code, each in a copy of the tree,
 * and looks whether some test catches it. A test is worth what it catches. Survivors, and mutants whose place is no
 * longer found, are failures. The last line counts them.
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const AT_A_TIME = 2;
const LIMIT_MS = 180_000;
const CHAOS = [join('scripts', 'chaos.mjs'), '--seeds', '60', '--first-seed', '101'];

const running = new Set();
const work = mkdtempSync(join(tmpdir(), 'tradebot-mutants-'));
process.on('SIGINT', () => {
  for (const child of running) process.kill(-child.pid, 'SIGKILL');
  rmSync(work, { recursive: true, force: true });
  process.exit(130);
});
try {
  const survivors = await plantAll(choose());
  process.exitCode = survivors.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function choose() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const chosen = MUTANTS.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) throw new Error(`there is no mutant "${values.only}"`);
  const stale = chosen.map(staleness).filter((reason) => reason !== null);
  if (stale.length > 0) throw new Error(stale.join('\nerror: '));
  return chosen;
}

/** @returns the names of those that no test caught. */
async function plantAll(mutants) {
  const copies = Array.from({ length: AT_A_TIME }, (_, index) => copyOf(`copy-${index}`));
  const commands = [...new Set(mutants.flatMap(commandsOf).map((command) => JSON.stringify(command)))];
  // A test that fails anyway catches nothing.
  await inTurn(copies, commands, async (copy, command) => {
    const { passed, output } = await run(copy, JSON.parse(command));
    if (!passed)
      throw new Error(
        `without a mutant this fails already: node ${JSON.parse(command).join(' ')}\n${output}`,
      );
  });
  const survivors = [];
  await inTurn(copies, mutants, async (copy, mutant) => {
    const started = performance.now();
    const catcher = await plantIn(copy, mutant);
    const took = `${((performance.now() - started) / 1_000).toFixed(0)} s`;
    process.stdout.write(
      `${catcher === null ? 'SURVIVED' : 'caught  '}  ${mutant.name} (${catcher ?? 'by nothing'}, ${took})\n`,
    );
    if (catcher === null) survivors.push(mutant.name);
  });
  const caught = mutants.length - survivors.length;
  process.stdout.write(`mutants ${mutants.length}, caught ${caught}, survivors [${survivors.join(', ')}]\n`);
  return survivors;
}

/** Plants a mutant, asks its tests, and takes it out again. @returns what caught it, or null. */
async function plantIn(copy, mutant) {
  const file = join(copy, mutant.file);
  const original = readFileSync(file, 'utf8');
  writeFileSync(file, mutated(original, mutant));
  try {
    for (const command of commandsOf(mutant)) {
      const { passed } = await run(copy, command);
      if (!passed) return command[0].includes('vitest') ? 'unit tests' : 'chaos';
    }
    return null;
  } finally {
    writeFileSync(file, original);
  }
}

/** The tests that should catch a mutant, cheapest first: those it names or those of its folder, then a few seeds. */
function commandsOf({ file, tests }) {
  const folder = file.split('/').slice(0, 2).join('/');
  return [vitest(tests ?? [folder]), CHAOS];
}

function vitest(paths) {
  return [join('node_modules', 'vitest', 'vitest.mjs'), 'run', '--bail=1', '--silent=true', ...paths];
}

function staleness({ name, file, find, replace }) {
  const path = join(ROOT, file);
  if (!existsSync(path)) return `mutant "${name}": there is no ${file}`;
  const text = readFileSync(path, 'utf8');
  const places = text.split(find).length - 1;
  if (places !== 1) return `mutant "${name}": ${file} has its place ${places} times, not once`;
  if (find === replace) return `mutant "${name}" changes nothing`;
  // Code that cannot be read fails every test, and says nothing of them.
  const { diagnostics } = typescript.transpileModule(mutated(text, { find, replace }), {
    reportDiagnostics: true,
  });
  return diagnostics.length === 0 ? null : `mutant "${name}" is no valid code`;
}

function mutated(text, { find, replace }) {
  return text.split(find).join(replace);
}

/** The tree as it is, uncommitted changes included, with the packages linked. */
function copyOf(name) {
  const copy = join(work, name);
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (listed.status !== 0) throw new Error(`git does not list the files: ${listed.stderr}`);
  const isSource = (file) => file !== '' && !file.startsWith('node_modules') && existsSync(join(ROOT, file));
  for (const file of listed.stdout.split('\0').filter(isSource)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(ROOT, file), join(copy, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Gives each copy the next piece of work while there is any. */
async function inTurn(copies, pieces, act) {
  const left = [...pieces];
  await Promise.all(
    copies.map(async (copy) => {
      for (let piece = left.shift(); piece !== undefined; piece = left.shift()) await act(copy, piece);
    }),
  );
}

/** Runs a command with this Node in a copy. One that hangs has failed. */
function run(copy, command) {
  return new Promise((resolve) => {
    // A group of its own, so that what it started ends with it.
    const child = spawn(process.execPath, command, {
      cwd: copy,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    const note = (data) => {
      output = `${output}${data}`.slice(-4_000);
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), LIMIT_MS);
    child.on('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ passed: code === 0, output });
    });
  });
}
