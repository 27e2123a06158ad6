/** How a message that was taken in is answered. */
export const outcomes = {
  held: { statusCode: 202, message: 'Taken in.' },
  seen: { statusCode: 200, message: 'Taken in before.' },
  ignored: { statusCode: 200, message: 'There is nothing in it to act on.' },
} as const;
