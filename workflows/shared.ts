/**
 * What a worker loads once for all its numbers, where Temporal's sandbox would load it anew for each run: the chart and
 * all that goes with it is pure. Without it a life's replay costs 64 % more CPU (docs/performance.md). Nothing in here may keep anything between two calls, nor know `@temporalio/workflow`; the
 * SDK freezes what these modules export.
 */
import './interpreter/interpreter';
import './customer/customer-life';
import './customer/ui-text';
import './life/failed-end';
import './number/call-end';
import './number/charts';
import '../contract/partners';
import '../contract/payload-encodings';
import './life/life';
import './number/number-life';
import './number/rejections';
import '../contract/search-attributes';
import './number/outcome';
import '../contract/number-start';
import '../contract/customer-start';
import './number/ui-text';
import './reconcile/compare';
import './reconcile/progress';
import '../contract/chart-version';
import '../contract/task-queues';
import './webhooks/number-events';
import '../contract/workflow-ids';

// The SDK notes the stack of every promise, each frame looked up in the source map: its ten frames cost a life's replay 12 %
// more CPU (docs/performance.md). Three tell where an error was thrown, and on whose behalf.
Error.stackTraceLimit = 3;
