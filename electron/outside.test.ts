import { expect, it } from 'vitest';
import { mayOpenOutside } from './outside.ts';

it.each([
  ['https://www.tradingview.com/', true],
  ['https://www.tradingview.com/?utm_medium=lwc-link', true],
  ['http://www.tradingview.com/', false],
  ['https://www.tradingview.com.evil.example/', false],
  ['https://www.tradingview.com@evil.example/', false],
  ['https://someone:secret@www.tradingview.com/', false],
  ['https://www.tradingview.com:8443/', false],
  ['https://evil.example/', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['ms-settings:', false],
  ['not a link', false],
])('%s opens in the browser of the trader: %s', (url, may) => {
  expect(mayOpenOutside(url)).toBe(may);
});
