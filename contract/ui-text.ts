/** The frame in which the Temporal UI shows Markdown is a line too short: this keeps the last one in sight. */
export const lastLine = '\n\n\u00a0';
