// What to do about an answer that is larger than this side takes; said behind the sizes.

export const MESSAGE_LIMIT_HINT = 'raise --max-receive-message-size';
