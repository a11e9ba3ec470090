const types = {
  401: 'invalid_request_error',
  403: 'permission_error',
  404: 'invalid_request_error',
  429: 'rate_limit_exceeded',
};
const codes = { 401: 'invalid_api_key', 429: 'rate_limit_exceeded' };

/** The error body of both OpenAI protocols. */
export function openaiError(status) {
  const type = types[status] ?? 'server_error';
  return { error: { message: `scripted ${status}`, type, param: null, code: codes[status] ?? null } };
}

/** An account without means: the same status as a rate limit, told apart by its words alone. */
export const quotaError = {
  error: {
    message: 'You exceeded your current quota, please check your plan and billing details.',
    type: 'insufficient_quota',
    param: null,
    code: 'insufficient_quota',
  },
};

export const tooLongError = {
  error: {
    message:
      "This model's maximum context length is 128000 tokens. Please reduce the length of the messages.",
    type: 'invalid_request_error',
    param: 'messages',
    code: 'context_length_exceeded',
  },
};

/** A prompt that is declined before any model has seen it. */
export const flaggedError = {
  error: {
    message: 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.',
    type: 'invalid_request_error',
    param: null,
    code: 'invalid_prompt',
  },
};
