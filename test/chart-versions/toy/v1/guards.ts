/** As they were when version 1 was released: a later change of them is made in the folder above. */
export const guards = {
  asked: ({ context }: { context: { asked: number } }) => context.asked > 0,
};
