/**
 * What we use of the SDK (1.24) that its documentation does not name, so that a new version is checked here alone. The
 * SDK's handles apply its payload codecs by themselves; whoever reads a history, or calls the raw service, must do it.
 */
export { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils';
export {
  decodeFromPayloadsAtIndex,
  decodeOptionalFailureToOptionalError,
  encodeErrorToFailure,
  encodeToPayloads,
  loadDataConverter,
} from '@temporalio/common/lib/internal-non-workflow';
export { decodeTypedSearchAttributes } from '@temporalio/common/lib/converter/payload-search-attributes';
export { msToTs, tsToMs } from '@temporalio/common/lib/time';
