import { expect, it } from 'vitest';
import { FrameGate } from './frame-gate.ts';

function gate(): { readonly gate: FrameGate; readonly wait: () => void } {
  const held: (() => void)[] = [];
  return {
    gate: new FrameGate((act) => held.push(act)),
    wait: () => {
      for (const act of held.splice(0)) act();
    },
  };
}

it('has eight places, and calls who waits in turn, one for each that comes back', () => {
  const { gate: frames } = gate();
  const taken = Array.from({ length: 8 }, () => frames.take());
  const called: string[] = [];
  for (const name of ['one', 'two'])
    expect(frames.isFree(() => [called.push(name), frames.take()])).toBe(false);
  taken[0]?.();
  taken[0]?.();
  expect(called).toEqual(['one']);
  taken[1]?.();
  expect(called).toEqual(['one', 'two']);
});

it('a place that its turn finds without need goes to the next, who would wait for good otherwise', () => {
  const { gate: frames } = gate();
  const taken = Array.from({ length: 8 }, () => frames.take());
  const called: string[] = [];
  for (let idle = 0; idle < 20; idle += 1) frames.isFree(() => undefined);
  frames.isFree(() => called.push('has something to send'));
  taken[0]?.();
  expect(called).toEqual(['has something to send']);
});

it('takes a place back from who holds it for long', () => {
  const { gate: frames, wait } = gate();
  for (let each = 0; each < 8; each += 1) frames.take();
  expect(frames.isFree(() => undefined)).toBe(false);
  wait();
  expect(frames.isFree(() => undefined)).toBe(true);
});

it('calls nobody who has left', () => {
  const { gate: frames } = gate();
  const taken = Array.from({ length: 8 }, () => frames.take());
  const goOn = (): never => expect.fail('called');
  frames.isFree(goOn);
  frames.leave(goOn);
  taken[0]?.();
});
