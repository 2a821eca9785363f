export { parseCandleCsv } from './candle-csv.ts';
export { type CandleRows, placeOf } from './candle-rows.ts';
export { parseFreqtradeJson } from './freqtrade-json.ts';
export { unpack } from './unpack.ts';
