/** What ends the thoughts of models whose servers do not keep them apart: everything up to the last one is thought. */
const THOUGHT_END = /<\/(?:think|thinking|thought|thoughts|reasoning|reflection)>|\[\/THINK\]|◁\/think▷/gi;
const THOUGHT_START = /<(?:think|thinking|thought|thoughts|reasoning|reflection)>|\[THINK\]|◁think▷/i;
/** The channel of the answer, of models that speak in several. */
const FINAL_CHANNEL = /<\|channel\|>\s*final\b[^<]*<\|message\|>/gi;
/** Signs between turns that a server has let through. */
const TURN_SIGN = /<\|[a-z_]{1,30}\|>|<\/?s>|<(?:start|end)_of_turn>|\[\/?INST\]/gi;

/**
 * What a model said aloud: its text without thoughts, other channels and signs between turns. Thoughts that never end
 * leave nothing.
 */
export function spokenText(text: string): string {
  const thought = after(text, THOUGHT_END);
  const final = after(thought, FINAL_CHANNEL);
  const open = THOUGHT_START.exec(final)?.index;
  return (open === undefined ? final : final.slice(0, open)).replace(TURN_SIGN, ' ').trim();
}

/** What follows the last match; all of it where there is none. */
function after(text: string, sign: RegExp): string {
  let end = 0;
  for (const { index, 0: match } of text.matchAll(sign)) end = index + match.length;
  return text.slice(end);
}
