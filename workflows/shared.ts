/**
 * What a worker loads once for all its numbers, where Temporal's sandbox would load it anew for each run: the chart and
 * all that goes with it is pure. Nothing in here may keep anything between two calls, nor know `@temporalio/workflow`; the
 * SDK freezes what these modules export.
 */
import './interpreter/interpretation';
import './lifecycle/call-outcome';
import './lifecycle/charts';
import './lifecycle/intake';
import './lifecycle/partners';
import './lifecycle/refusals';
import './lifecycle/search-attributes';
import './lifecycle/settlement';
import './lifecycle/start';
import './lifecycle/transition';
import './lifecycle/words';
import './reconcile/compare';
import './reconcile/progress';
import './task-queues';
import './telling/number-news';
import './workflow-id';

// The SDK notes the stack of every promise, each frame looked up in the source map: with its ten frames a quarter of what
// a worker does for a number. Three tell where an error was thrown, and on whose behalf.
Error.stackTraceLimit = 3;
