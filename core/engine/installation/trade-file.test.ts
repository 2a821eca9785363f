import { describe, expect, test } from 'vitest';
import { readTradeFile } from './trade-file.ts';

const NOW = Date.UTC(2027, 0, 1);

interface Case {
  readonly of: string;
  readonly name?: string;
  readonly lines: readonly string[];
  /** `time symbol side price amount fee`, oldest first. */
  readonly trades: readonly string[];
}

/** Made-up trades in the headings, formats and oddities of each venue's export. */
const EXPORTS: readonly Case[] = [
  {
    of: 'Binance’s spot trades, units behind the figures',
    lines: [
      'Date(UTC),Pair,Side,Price,Executed,Amount,Fee',
      '2022-03-28 13:01:36,SOLBUSD,SELL,110.03,0.1800000000SOL,19.80540000BUSD,0.0198054BUSD',
      '2022-03-27 10:00:00,1INCHUSDT,BUY,"1,001.5",103.51INCH,103655.25USDT,0.51INCH',
      '2022-03-26 10:00:00,BTCTUSD,BUY,40000,0.0010000000BTC,40.00000000TUSD,0.0000010000BTC',
      '2022-03-25 10:00:00,BTCCZK,BUY,900000,0.0010000000BTC,900.00000000CZK,0.9CZK',
    ],
    trades: [
      '2022-03-25T10:00:00Z BTC/CZK buy 900000 0.001 0.9 CZK',
      '2022-03-26T10:00:00Z BTC/TUSD buy 40000 0.001 0.000001 BTC',
      '2022-03-27T10:00:00Z 1INCH/USDT buy 1001.5 103.5 0.5 1INCH',
      '2022-03-28T13:01:36Z SOL/BUSD sell 110.03 0.18 0.0198054 BUSD',
    ],
  },
  {
    of: 'Binance’s newer spot trades, years of two digits, its clock in the name of the file',
    name: 'Binance-Spot-Trade-History-202604201027(UTC+7).csv',
    lines: [
      'Time,Pair,Side,Price,Executed,Amount,Fee',
      '25-10-11 01:01:13,BTCUSDT,BUY,60000,0.01000000BTC,600.00000000USDT,0.00001000BTC,,,',
    ],
    trades: ['2025-10-10T18:01:13Z BTC/USDT buy 60000 0.01 0.00001 BTC'],
  },
  {
    of: 'the same west of Greenwich, where the name has two signs',
    name: 'Binance-Spot-Trade-History-202603230406(UTC--6)_abcd.csv',
    lines: [
      'Time,Pair,Side,Price,Executed,Amount,Fee',
      '23-09-20 18:20:55,ALGOUSDT,SELL,0.0997,103ALGO,10.2691USDT,0.0102691USDT',
    ],
    trades: ['2023-09-21T00:20:55Z ALGO/USDT sell 0.0997 103 0.0102691 USDT'],
  },
  {
    of: 'Binance’s newest spot trades, with the number of the order, which is no trade’s',
    lines: [
      'Order No,Time,Pair,Side,Price,Executed,Amount,Fee,AOR Conversion Pair,AOR Conversion Rate',
      '7,2026-01-02 18:31:37,XAUTUSDT,BUY,4000.00,0.1234XAUT,493.60000000USDT,0.0001234XAUT,,',
      '7,2026-01-02 18:31:37,XAUTUSDT,BUY,4000.00,0.1XAUT,400USDT,0.0001XAUT,,',
    ],
    trades: [
      '2026-01-02T18:31:37Z XAUT/USDT buy 4000 0.1234 0.0001234 XAUT',
      '2026-01-02T18:31:37Z XAUT/USDT buy 4000 0.1 0.0001 XAUT',
    ],
  },
  {
    of: 'Binance’s spot trades of 2018, markets for pairs',
    lines: [
      'Date(UTC),Market,Type,Price,Amount,Total,Fee,Fee Coin',
      '2018-01-02 03:04:05,ETHBTC,BUY,0.05,2,0.1,0.002,ETH',
    ],
    trades: ['2018-01-02T03:04:05Z ETH/BTC buy 0.05 2 0.002 ETH'],
  },
  {
    of: 'Binance’s futures trades, whose pairs are perpetuals',
    lines: [
      'Date(UTC),Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Leverage',
      '2024-05-06 07:08:09,BTCUSDT,SELL,60000,0.01,600,0.24USDT,-3.5,5',
    ],
    trades: ['2024-05-06T07:08:09Z BTC/USDT:USDT sell 60000 0.01 0.24 USDT'],
  },
  {
    of: 'Bybit’s spot trades, a line about the account before them',
    lines: [
      'UID: 1,Company Name: ,Country:',
      'Uid,Spot Pairs,Order Type,Direction,Filled Value,Filled Price,Filled Quantity,Fees,Transaction ID,Order No.,Timestamp (UTC+0)',
      '1,BTCUSDT,LIMIT,BUY,4478.0578,97100.00000000000000000000,0.04611800000000000000,0.00004611800000000000,229,18,2024-12-09 19:48:23',
      '1,LTCUSDT,MARKET,SELL,20.898,104.49,0.2,0.020898,220,19,2024-12-26 09:48:53',
    ],
    trades: [
      '2024-12-09T19:48:23Z BTC/USDT buy 97100 0.046118 0.000046118 BTC 229',
      '2024-12-26T09:48:53Z LTC/USDT sell 104.49 0.2 0.020898 USDT 220',
    ],
  },
  {
    of: 'Bybit’s spot trades with a coin for the fee, the clock before the day',
    lines: [
      'Spot Pairs,Order Type,Direction,feeCoin,ExecFeeV2,Filled Value,Filled Price,Filled Quantity,Fees,Transaction ID,Order No.,Timestamp (UTC)',
      'BTCEUR,MARKET,SELL,EUR,0.0040382175,1.615287,53842.90000000000000000000,0.00003000000000000000,--,301, 04058112,08:22 2026-06-05',
    ],
    trades: ['2026-06-05T08:22:00Z BTC/EUR sell 53842.9 0.00003 0.0040382175 EUR 301'],
  },
  {
    of: 'OKX’s trades, each in two lines, one of which has the fee, with transfers between',
    lines: [
      '\uFEFFUID:1,\uFEFFAccount Type:Main,\uFEFFTime Zone:UTC+8',
      '\uFEFFid,Order id,Time,Trade Type,Symbol,Action,Amount,Trading Unit,Filled Price,PnL,Fee,Fee Unit,Position Change,Position Balance,Balance Change,Balance,Balance Unit',
      '\uFEFF11,9,2025-10-20 10:43:59,Spot,ADA-EUR,Sell,149.291,EUR,0.5749,0,0,ADA,0,0,-149.291,1554.1592,ADA',
      '\uFEFF12,9,2025-10-20 10:43:59,Spot,ADA-EUR,Buy,85.8273959,EUR,0.5749,0,-0.21456849,EUR,0,0,85.61282741,10580.7,EUR',
      '\uFEFF13,9,2025-10-20 10:43:59,Spot,ADA-EUR,Sell,10,EUR,0.5749,0,0,ADA,0,0,-10,1544.1592,ADA',
      '\uFEFF14,9,2025-10-20 10:43:59,Spot,ADA-EUR,Buy,5.749,EUR,0.5749,0,-0.0143725,EUR,0,0,5.7346275,10586,EUR',
      '\uFEFF15,8,2025-10-20 10:44:26,Transfer,,Transfer out,0,cont,0,0,0,BTC,0,0,-0.01,0,BTC',
      '\uFEFF16,7,2025-10-20 10:44:27,Spot,BTC-EUR,Buy,0.06,EUR,95000,0,-0.00015,BTC,0,0,0.05985,0.12,BTC',
      '\uFEFF17,7,2025-10-20 10:44:27,Spot,BTC-EUR,Sell,5700,EUR,95000,0,0,EUR,0,0,-5700,0.1,EUR',
    ],
    trades: [
      '2025-10-20T02:43:59Z ADA/EUR sell 0.5749 149.291 0.21456849 EUR 11',
      '2025-10-20T02:43:59Z ADA/EUR sell 0.5749 10 0.0143725 EUR 13',
      '2025-10-20T02:44:27Z BTC/EUR buy 95000 0.06 0.00015 BTC 16',
    ],
  },
  {
    of: 'Kraken’s trades.csv, old names and new ones',
    lines: [
      '"txid","ordertxid","pair","time","type","ordertype","price","cost","fee","vol","margin","misc","ledgers"',
      '"T1","O1","XXBTZEUR","2017-04-02 07:31:31.8234","buy","limit",7813.40000,156.268,0.4,0.02000000,0.00000,"","L1,L2"',
      '"T2","O2","XETHXXBT","2017-04-02 07:31:32.0001","sell","market",0.05,0.1,0.0002,2,0.00000,"","L3,L4"',
      '"T3","O3","XTZEUR","2021-07-23 11:22:54.9881","buy","limit",2.5,25,0.04,10,0.00000,"","L5,L6"',
      '"T4","O4","XDG/USD","2026-09-01 14:40:16.0000","buy","limit",0.1,10,0.01,100,0,"","L7"',
      '"T5","O5","USDTZUSD","2026-09-02 14:40:16.0000","sell","limit",1.0001,10.001,0.01,10,0,"","L8"',
      '"T6","O6","DASHEUR",1788500000.1721,"buy","market",484,14.52,0.037752,0.03,0,"","L9"',
    ],
    trades: [
      '2017-04-02T07:31:31Z BTC/EUR buy 7813.4 0.02 0.4 EUR T1',
      '2017-04-02T07:31:32Z ETH/BTC sell 0.05 2 0.0002 BTC T2',
      '2021-07-23T11:22:54Z XTZ/EUR buy 2.5 10 0.04 EUR T3',
      '2026-09-01T14:40:16Z DOGE/USD buy 0.1 100 0.01 USD T4',
      '2026-09-02T14:40:16Z USDT/USD sell 1.0001 10 0.01 USD T5',
      '2026-09-04T05:33:20Z DASH/EUR buy 484 0.03 0.037752 EUR T6',
    ],
  },
  {
    of: 'Coinbase’s fills',
    lines: [
      'portfolio,trade id,product,side,created at,size,size unit,price,fee,total,price/fee/total unit',
      'default,204623,BAT-ETH,SELL,2020-01-13T09:15:06.311Z,1.00000000,BAT,0.00131511,0.00000657555,0.00130853445,ETH',
    ],
    trades: ['2020-01-13T09:15:06Z BAT/ETH sell 0.00131511 1 0.00000657555 ETH 204623'],
  },
  {
    of: 'a file of the trader’s own, whose clock is in the heading',
    lines: ['Time (UTC-03:30),Symbol,Side,Price,Quantity,Fee', '2024-01-01 00:00,ETHUSDT,buy,2000,1,2'],
    trades: ['2024-01-01T03:30:00Z ETH/USDT buy 2000 1 2 USDT'],
  },
];

describe('an export of trades', () => {
  test.each(EXPORTS)('of $of is read', ({ lines, trades, name }) => {
    const { fills, faults } = readTradeFile(
      lines.join('\r\n'),
      name === undefined ? { now: NOW } : { now: NOW, name },
    );
    expect(faults).toEqual([]);
    const told = fills.map(({ time, symbol, side, price, amount, fee, tradeId }) =>
      [
        `${new Date(time).toISOString().slice(0, 19)}Z ${symbol} ${side} ${price.toFixed()} ${amount.toFixed()}`,
        `${fee?.amount.toFixed()} ${fee?.asset}${tradeId.includes('-') ? '' : ` ${tradeId}`}`,
      ].join(' '),
    );
    expect(told).toEqual(trades);
  });

  const KRAKEN = 'txid,ordertxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc,ledgers';
  const OKX =
    'id,Order id,Time,Trade Type,Symbol,Action,Amount,Trading Unit,Filled Price,PnL,Fee,Fee Unit,Position Change,Position Balance,Balance Change,Balance,Balance Unit';

  test.each([
    [
      'a pair that may be two',
      ['time,pair,side,price,amount', '1700000000,BTCTUSD,buy,1,1'],
      'line 2: “BTCTUSD” may be BTC/TUSD or BTCT/USD: write which, with the slash',
    ],
    [
      'a year of two digits that may be a day',
      ['time,pair,side,price,amount', '12-11-10 00:00:00,BTC/USDT,buy,1,1'],
      'line 2: “12-11-10 00:00:00” is no time: give it as 2024-01-31T12:00:00Z or in milliseconds',
    ],
    [
      'a pair of nothing that is known',
      ['time,pair,side,price,amount', '1700000000,BTCXYZ,buy,1,1'],
      'line 2: “BTCXYZ” is no symbol such as BTC/USDT',
    ],
    [
      'a trade on margin',
      [KRAKEN, 'T1,O1,XXBTZEUR,2024-01-01 00:00:00,sell,limit,1,1,0,1,0.5,,L1'],
      'line 2: it was traded on margin, which is no spot trade: take such lines out',
    ],
    [
      'contracts',
      [OKX, '1,2,2024-01-01 00:00:00,Swap,BTC-USDT-SWAP,Open long,1,cont,100,0,0,USDT,0,0,0,0,USDT'],
      'line 2: “Swap” is no spot trade, whose amounts alone are told in coins here: take such lines out',
    ],
    [
      'a unit that is not the coin’s',
      ['Date(UTC),Pair,Side,Price,Executed,Amount,Fee', '2024-01-01 00:00:00,BTCUSDT,BUY,1,1ETH,1USDT,0'],
      'line 2: “1ETH” is no amount above 0',
    ],
    [
      'a fee in a third coin',
      [
        'Date(UTC),Pair,Side,Price,Executed,Amount,Fee',
        '2024-01-01 00:00:00,BTCUSDT,BUY,1,1BTC,1USDT,0.001BNB',
      ],
      'line 2: the fee is in BNB: say its worth in USDT in a column fee_in_quote, or have the prices of then (`tradebot data download` of BNB/USDT)',
    ],
    [
      'other headings',
      ['first', 'second'],
      'line 1: no column for time, symbol, side, price, amount: name them in the first line',
    ],
  ])('with %s says so in a line', (_what, lines, says) => {
    expect(readTradeFile(lines.join('\n'), { now: NOW }).faults).toEqual([says]);
  });

  test('has a fee in a third coin at what that was worth then', () => {
    const lines = [
      'Date(UTC),Pair,Side,Price,Executed,Amount,Fee',
      '2024-01-01 00:00:00,BTCUSDT,BUY,40000,1BTC,40000USDT,0.1BNB',
    ];
    const asked: unknown[] = [];
    const { fills } = readTradeFile(lines.join('\n'), {
      now: NOW,
      worthOf: (...of) => {
        asked.push(of);
        return '300';
      },
    });
    expect(asked).toEqual([['BNB', 'USDT', Date.UTC(2024, 0, 1)]]);
    expect([fills[0]?.fee?.asset, fills[0]?.fee?.quoteValue.toFixed()]).toEqual(['BNB', '30']);
  });

  test('is ambiguous no more where the fee tells which', () => {
    const lines = ['time,pair,side,price,amount,fee,fee coin', '1700000000,BTCTUSD,buy,1,1,0.1,TUSD'];
    expect(readTradeFile(lines.join('\n'), { now: NOW }).fills[0]?.symbol).toBe('BTC/TUSD');
  });

  test.each([
    [';', 'semicolons'],
    ['\t', 'tabs'],
  ])('a table with “%s” between its fields is told how to be saved', (sign, name) => {
    const line = ['time', 'pair', 'side', 'price', 'amount'].join(sign);
    expect(readTradeFile(`${line}\n`, { now: NOW }).faults).toEqual([
      `line 1: its fields are parted by ${name}: save it with commas between them, and points in the figures`,
    ]);
  });

  test('a fee of nothing in a third coin needs no price of it', () => {
    const lines = [
      'Date(UTC),Pair,Side,Price,Executed,Amount,Fee',
      '2024-01-01 00:00:00,BTCUSDT,BUY,40000,1BTC,40000USDT,0.00000000BNB',
    ];
    const { fills, faults } = readTradeFile(lines.join('\n'), { now: NOW });
    expect([faults, fills[0]?.fee?.asset, fills[0]?.fee?.quoteValue.toFixed()]).toEqual([[], 'BNB', '0']);
  });

  test('a worth of a fee has the sign of the fee, and one that is no number is said to be so', () => {
    const worth = (given: string) => {
      const head = 'time,pair,side,price,amount,fee,fee coin,fee_in_quote';
      const { fills, faults } = readTradeFile(`${head}\n1700000000,BTC/USDT,buy,1,1,0.1,BNB,"${given}"`, {
        now: NOW,
      });
      return fills[0]?.fee?.quoteValue.toFixed() ?? faults;
    };
    expect(['5', '-5', '1,5'].map(worth)).toEqual(['5', '5', ['line 2: “1,5” is no worth of a fee']]);
  });

  const legs = (
    ...lines: readonly (readonly [id: string, side: string, amount: string, fee: string, unit: string])[]
  ) => {
    const { fills, faults } = readTradeFile(
      [
        OKX,
        ...lines.map(
          ([id, side, amount, fee, unit]) =>
            `${id},9,2025-10-20 10:43:59,Spot,ADA-BTC,${side},"${amount}",u,0.06123,0,${fee},${unit},0,0,0,0,${unit}`,
        ),
      ].join('\n'),
      { now: NOW },
    );
    return [fills.map(({ tradeId, fee }) => `${tradeId} ${fee?.amount.toFixed()} ${fee?.asset}`), faults];
  };

  test('the two lines of a trade find each other though the worth is cut at its eighth decimal, or has commas', () => {
    expect(
      legs(
        ['1', 'Sell', '0.000123456', '0', 'ADA'],
        ['2', 'Buy', '0.00000755', '-0.000000007', 'BTC'],
        ['3', 'Sell', '20,000', '0', 'ADA'],
        ['4', 'Buy', '1,224.6', '-1.2', 'BTC'],
        ['5', 'Sell', '0.000123', '0', 'ADA'],
        ['6', 'Buy', '0.00000753', '-0.000000006', 'BTC'],
      ),
    ).toEqual([['1 0.000000007 BTC', '3 1.2 BTC', '5 0.000000006 BTC'], []]);
  });

  test('a line without the other of its trade is said to be so, and neither trade nor fee is lost', () => {
    const alone =
      'the other of its two lines is not in the file, by order, price and time: export all of that time together';
    expect(
      legs(
        ['1', 'Sell', '10', '0', 'ADA'],
        ['2', 'Buy', '9', '-0.1', 'BTC'],
        ['3', 'Buy', '1', '-0.1', 'ADA'],
      ),
    ).toEqual([['3 0.1 ADA'], [`line 2: ${alone}`, `line 3: ${alone}`]]);
  });

  test.each(['BTC-PERP', 'BTCUSDT_240628', 'BTC-USDT-SWAP'])(
    '%s is a contract, and no coin for another',
    (pair) => {
      const { faults } = readTradeFile(`time,pair,side,price,amount\n1700000000,${pair},buy,1,1`, {
        now: NOW,
      });
      expect(faults).toEqual([`line 2: “${pair}” is no symbol such as BTC/USDT`]);
    },
  );

  test('what closes a position of Kraken’s margin is no spot trade', () => {
    const { faults } = readTradeFile(
      `${KRAKEN}\nT1,O1,XXBTZEUR,2024-01-01 00:00:00,sell,limit,1,1,0,1,0.00000,closing,L1`,
      { now: NOW },
    );
    expect(faults).toEqual(['line 2: it was traded on margin, which is no spot trade: take such lines out']);
  });

  test('a fault is a line that can be read, whatever is in the field', () => {
    const of = (time: string, id: string, coin: string) =>
      readTradeFile(`time,pair,side,price,amount,fee,fee coin,id\n${time},BTC/USDT,buy,1,1,1,${coin},${id}`, {
        now: NOW,
      }).faults;
    const esc = '\u001B[31m';
    expect([
      of('y'.repeat(100_000), '1', 'USDT'),
      of('1700000000', `a${esc}`, 'USDT'),
      of('1700000000', 'i'.repeat(5_000), 'USDT'),
      of('1700000000', '1', `b${esc}`),
    ]).toEqual([
      [`line 2: “${'y'.repeat(60)}…” is no time: give it as 2024-01-31T12:00:00Z or in milliseconds`],
      ['line 2: “a·[31m” is no number of a trade'],
      [`line 2: “${'i'.repeat(60)}…” is no number of a trade`],
      ['line 2: “B·[31M” is no currency of a fee'],
    ]);
  });
});
