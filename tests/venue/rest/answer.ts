/** What goes back over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a route gives back where it is no plain success. */
export class WithStatus {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    this.status = status;
    this.body = body;
  }
}

const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8' };

export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({
  status,
  headers: { ...JSON_TYPE, ...headers },
  body: JSON.stringify(body),
});

export const codeAnswer = (
  status: number,
  code: number,
  msg: string,
  headers: Readonly<Record<string, string>> = {},
): Answer => jsonAnswer(status, { code, msg }, headers);

export const PAGE_503: Answer = {
  status: 503,
  headers: { 'content-type': 'text/html' },
  body: '<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body></body>\r\n</html>\r\n',
};

export const UNKNOWN_OUTCOME = codeAnswer(
  503,
  -1006,
  'An unexpected response was received from the message bus. Execution status unknown.',
);

export const TIMED_OUT = codeAnswer(
  503,
  -1007,
  'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
);

/** Half of what was said, with a length that claims it is all. */
export const cut = (answer: Answer): Answer => ({
  ...answer,
  status: 200,
  body: answer.body.slice(0, Math.floor(answer.body.length / 2)),
});

export const codeOf = ({ code, msg }: { readonly code: number; readonly msg: string }) => ({ code, msg });
