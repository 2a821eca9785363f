// Instead of the whole of ccxt, which takes three times as long to load: its own classes of the two venues that the
// local one speaks.
import binance from '../../../node_modules/ccxt/js/src/pro/binance.js';
import binanceusdm from '../../../node_modules/ccxt/js/src/pro/binanceusdm.js';

const pro = { binance, binanceusdm };

export default { exchanges: Object.keys(pro), pro };
