/** What is alike in this bench and what is not: no figure of it can be read without. */
export const caveats = [
  `Alike: the newest version of our chart with its guards and actions, the same activities with the same Graph client, one
simulator of Meta, payloads in clear, one server, one worker process. Neither server waits for the disk: Temporal's
development server keeps everything in memory, Restate's writes to a folder without syncing its log (its default is to sync).`,

  `Different by design: on Restate a chart is a virtual object, and each event an invocation that reads the snapshot, takes
one step and writes the snapshot back. On Temporal it is a workflow, in the memory of a worker and in its history. Calls to
Meta go through a task queue with a rate limit for all workers on Temporal; on Restate nothing limits them.`,

  `Changed in the chart for Restate: its children are promise actors of @restatedev/xstate; "never" is a hundred years;
answers and timers get their time from the clock of the process, which a repeated handler reads anew; states bear tags, for
nobody can wait for anything else but the end.`,

  `What ours does and @restatedev/xstate does not: it refuses a message that the state does not admit, with the reason, before
anything is written (there it is dropped, and the answer is the state as it was); answers what became of a message; keeps
search attributes (Restate answers SQL over its states), the record with its transitions, and words for the operators' UI;
ends a timer that is no longer wanted (there it stays in the server until it is due: "timers left").`,
].map((text) => text.replaceAll('\n', ' '));
