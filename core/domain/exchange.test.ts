import { describe, expect, test } from 'vitest';
import { faultOf, VenueError } from './index.ts';

describe('a failed call to a venue', () => {
  test('says how it is to be taken, and how long the venue wants to be left alone', () => {
    const cause = new Error('socket closed');
    const error = new VenueError('rate-limited', 'slow down', { cause, retryAfterMs: 5_000 });
    expect(error).toMatchObject({ name: 'VenueError', fault: 'rate-limited', retryAfterMs: 5_000, cause });
    expect(faultOf(error)).toBe('rate-limited');
  });

  test('leaves the wait open where the venue did not say', () => {
    expect(new VenueError('rejected', 'no').retryAfterMs).toBeNull();
  });

  test('that is not the venue’s own refusal leaves the matter open', () => {
    expect(faultOf(new TypeError('cannot read properties of undefined'))).toBe('uncertain');
    expect(faultOf('gone')).toBe('uncertain');
  });
});
