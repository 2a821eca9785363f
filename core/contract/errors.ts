import { z } from 'zod';

/**
 * What can go wrong across a process boundary. The code is for programs, the message for the trader: one line
 * that says what is wrong and what to do.
 */
export const ERROR_CODES = [
  'BAD_REQUEST',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'CONFIRMATION_REQUIRED',
  'DISCONNECTED',
  'UNAVAILABLE',
  'INTERNAL',
] as const;
export const ErrorCodeSchema = z.enum(ERROR_CODES);
export type ErrorCode = z.infer<typeof ErrorCodeSchema>;

export const ErrorBodySchema = z.object({
  code: ErrorCodeSchema,
  message: z.string(),
  retryable: z.boolean(),
});
export type ErrorBody = z.infer<typeof ErrorBodySchema>;

/** A failed call, on either side of the boundary. */
export class CallError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CallError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }

  toBody(): ErrorBody {
    return { code: this.code, message: this.message, retryable: this.retryable };
  }

  static fromBody(body: ErrorBody): CallError {
    return new CallError(body.code, body.message, { retryable: body.retryable });
  }
}

/** One line a fault: `settings.safety.maxPositions: must be at least 1`. */
export function describeIssues(error: z.ZodError, root: string): string[] {
  return error.issues.flatMap((issue) => {
    const path = [root, ...issue.path.map(String)].join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${path}.${key}: unknown key, remove it or check its spelling`);
    }
    return [`${path}: ${issue.message}`];
  });
}
