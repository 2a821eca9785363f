import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnswer } from './answer.ts';
import { GOOD_ANSWER } from './testing/llm-server.ts';

const GOOD = JSON.stringify(GOOD_ANSWER);
const SELL = JSON.stringify({ ...GOOD_ANSWER, action: 'SELL' });
const with_ = (given: object): string => JSON.stringify({ ...GOOD_ANSWER, ...given });
const without = (key: keyof typeof GOOD_ANSWER): string => with_({ [key]: undefined });

describe('an answer, however it is written', () => {
  const READ: readonly [string, string][] = [
    ['alone', GOOD],
    ['indented, with line ends of Windows', JSON.stringify(GOOD_ANSWER, null, 2).replaceAll('\n', '\r\n')],
    ['after a byte order mark', `\ufeff${GOOD}`],
    ['in a fence', `\`\`\`json\n${GOOD}\n\`\`\``],
    ['in a fence in capitals', `\`\`\`JSON\n${GOOD}\n\`\`\``],
    ['in a fence of one line', `\`\`\`json ${GOOD} \`\`\``],
    ['in a fence without a language', `\`\`\`\n${GOOD}\n\`\`\``],
    ['in a fence that never closes', `\`\`\`json\n${GOOD}`],
    ['in a fence after words', `My verdict:\n\n\`\`\`json\n${GOOD}\n\`\`\``],
    ['in a fence before words', `\`\`\`json\n${GOOD}\n\`\`\`\n\nTell me if you need more.`],
    ['in the middle of prose', `Looking at the figures (RSI {61}, trend [up]), I say ${GOOD}. Good luck!`],
    ['after words in another language', `根据数据，我的判断是：${GOOD}`],
    ['after a thought', `<think>let me see { "action": "SELL" </think>\n${GOOD}`],
    ['after a thought with a draft', `<think>first ${SELL}</think>${GOOD}`],
    ['after a thought without its opening', `First the trend. ${SELL}\n</think>\n\n${GOOD}`],
    ['after two thoughts', `<think>first</think>\n<think>second</think>\n${GOOD}`],
    ['after thoughts by other names', `<thinking>a</thinking>[THINK]b[/THINK]◁think▷c◁/think▷${GOOD}`],
    ['before a sign that ends a turn', `${GOOD}<|im_end|>`],
    ['before the end of a text', `<s>${GOOD}</s>`],
    [
      'in the final channel',
      `<|channel|>analysis<|message|>Up. ${SELL}<|end|><|start|>assistant<|channel|>final<|message|>${GOOD}`,
    ],
    ['in the final channel, constrained', `<|channel|>final <|constrain|>json<|message|>${GOOD}<|return|>`],
    ['twice, the same', `${GOOD}\n\nOnce more:\n${GOOD}`],
    [
      'with commas before brackets',
      '{"action":"BUY","confidence":0.7,"thesis":"The trend is up.","evidence":["dist_ema_50_atr +3.01",],"invalidation":"a close below the 50-bar average","horizonBars":24,}',
    ],
    ['with single quotes', GOOD.replaceAll('"', "'")],
    ['with comments', GOOD.replace('{', '{ // my case\n').replace('}', '/* done */ }')],
    ['as the only item of a list', `[${GOOD}]`],
    ['quoted once more', JSON.stringify(GOOD)],
    ['in a box named answer', JSON.stringify({ answer: GOOD_ANSWER })],
    ['in a call of a tool', JSON.stringify({ name: 'case', arguments: GOOD_ANSWER })],
    [
      'in a call of a tool, as text',
      JSON.stringify({ type: 'function', function: { name: 'case', arguments: GOOD } }),
    ],
    ['with numbers in quotes', with_({ confidence: '0.7', horizonBars: '24' })],
    ['with a share in per cent', with_({ confidence: '70 %' })],
    ['with its action in small letters', with_({ action: ' buy ' })],
    [
      'with keys of another case',
      GOOD.replace('horizonBars', 'horizon_bars').replace('"action"', '"Action"'),
    ],
    ['with one fact as a text', with_({ evidence: 'dist_ema_50_atr +3.01' })],
    ['with facts as names and values', with_({ evidence: [{ feature: 'dist_ema_50_atr', value: '+3.01' }] })],
    ['with the thesis in pieces', with_({ thesis: ['The trend', 'is up.'] })],
    ['with thoughts as a key', with_({ reasoning: 'first the trend' })],
    ['with keys in another order', JSON.stringify(Object.fromEntries(Object.entries(GOOD_ANSWER).reverse()))],
    ['with a decimal whole number', GOOD.replace(':24', ':24.0')],
    ['beside a broken piece', `{"action": "BUY" | "SELL", "confidence": number}\n${GOOD}`],
  ];

  it.each(READ)('%s', (_, text) => {
    expect(parseAnswer(text)).toEqual({ kind: 'answer', answer: GOOD_ANSWER });
  });

  it('keeps line ends within a text, and texts in any language', () => {
    const thesis = 'Тренд вверх.\n上昇トレンド';
    const text = `{"action":"BUY","confidence":0.7,"thesis":"${thesis}","evidence":[],"invalidation":"ein Schluss unter dem Mittel","horizonBars":24}`;
    expect(parseAnswer(text)).toMatchObject({ answer: { thesis, evidence: [] } });
  });
});

describe('what is no answer', () => {
  const BROKEN: readonly [string, string, RegExp, string?][] = [
    ['nothing', '', /is empty/],
    ['blanks', ' \n ', /is empty/],
    ['thoughts alone', '<think>The trend is up.</think>', /nothing but thoughts/],
    ['thoughts that never end', `<think>The trend is up, so ${GOOD}`, /nothing but thoughts/],
    ['prose', 'I would buy.', /not JSON: I would buy/],
    ['prose of a list', `One could say [${GOOD}], but I would wait.`, /not JSON: One could/],
    ['a number', '0.7', /not JSON: 0.7/],
    ['cut off', GOOD.slice(0, -30), /not JSON/],
    ['a case inside a broken piece', `{"otherCase": ${GOOD}, "action": "SELL", "conf`, /not JSON/],
    ['a case inside another object', JSON.stringify({ otherCase: GOOD_ANSWER, symbol: 'BTC' }), /schema/],
    ['two that differ', `${GOOD} or rather ${SELL}`, /2 answers that differ/],
    ['a list of two', `[${GOOD},${SELL}]`, /not JSON/],
    ['a key named twice', GOOD.replace('{', '{"action":"SELL",'), /action is there twice/],
    ['a key named twice in two ways', GOOD.replace('{', '{"Action":"SELL",'), /action is there twice/],
    ['a key too many', with_({ leverage: 50 }), /leverage/],
    ['keys in another language', '{"aktion":"BUY","konfidenz":0.7}', /schema: action/],
    ['an action in another language', with_({ action: 'KAUFEN' }), /action/],
    ['an action in between', with_({ action: 'BUY or HOLD' }), /action/],
    ['no action', without('action'), /action/],
    ['no confidence', without('confidence'), /confidence/],
    ['no thesis', without('thesis'), /thesis/],
    ['no invalidation', without('invalidation'), /invalidation/],
    ['no horizon', without('horizonBars'), /horizonBars/],
    ['confidence 7', with_({ confidence: 7 }), /confidence/],
    ['confidence 70', with_({ confidence: 70 }), /confidence/],
    ['confidence below 0', with_({ confidence: -0.1 }), /confidence/],
    ['confidence in words', with_({ confidence: 'high' }), /confidence/],
    ['confidence beyond numbers', GOOD.replace('0.7', '1e999'), /confidence/],
    ['confidence NaN', GOOD.replace('0.7', 'NaN'), /not JSON/],
    ['confidence true', with_({ confidence: true }), /confidence/],
    ['horizon 0', with_({ horizonBars: 0 }), /horizonBars/],
    ['half a bar', with_({ horizonBars: 2.5 }), /horizonBars/],
    ['a horizon of for ever', with_({ horizonBars: 1e9 }), /horizonBars/],
    ['a thesis of blanks', with_({ thesis: '   ' }), /thesis/],
    ['a thesis that cannot be seen', with_({ thesis: '\u200b\u2060\u3164\u{e0041}' }), /thesis.*seen/],
    ['a thesis of signs', with_({ thesis: '...' }), /thesis.*seen/],
    ['an invalidation that cannot be seen', with_({ invalidation: '\u00ad\ufe0f' }), /invalidation.*seen/],
    ['21 facts', with_({ evidence: Array.from({ length: 21 }, String) }), /evidence/],
    ['facts that are lists', with_({ evidence: [[1, 2]] }), /evidence/],
    ['a list in its place', '[1,2,3]', /not JSON/],
    ['null', 'null', /not JSON/],
    ['far too deep', '{"a":'.repeat(5_000), /not JSON/],
    ['more than 20 kB', with_({ thesis: 'x'.repeat(21_000) }), /longer than 20 kB/],
    ['a refusal', "I'm sorry, but I can't help with financial advice.", /refused: I'm sorry/, 'refused'],
    ['a refusal in other words', 'I cannot provide trading recommendations.', /refused: I cannot/, 'refused'],
  ];

  it.each(BROKEN)('%s', (_, text, words, code = 'broken-answer') => {
    expect(parseAnswer(text)).toMatchObject({ kind: 'broken', failure: { code, message: words } });
  });

  it('is told without throwing whatever the text, and read in a moment', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom('{', '[', '"', '{"a":', GOOD, '<think>', '</think>', ',', '}'),
          ),
        ),
        (pieces) => {
          expect(['answer', 'broken']).toContain(parseAnswer(pieces.join('')).kind);
        },
      ),
    );
  });

  it('is never a key of JavaScript itself', () => {
    expect(parseAnswer(GOOD.replace('{', '{"__proto__":{"action":"SELL"},'))).toMatchObject({
      kind: 'broken',
      failure: { message: /schema.*__proto__/ },
    });
  });
});
