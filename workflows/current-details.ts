import { setCurrentDetails } from '@temporalio/workflow';

let makeDetails: (() => string) | null = null;

/** Has the current details of this run made when somebody reads them: made with every change, hardly any would be read. */
export function describeBy(make: () => string): void {
  makeDetails = make;
}

/** What Temporal asks a run for its details by, as the UI does. */
export const DETAILS_QUERY = '__temporal_workflow_metadata';

/** For the interceptor, before the run answers {@link DETAILS_QUERY}. */
export function describe(): void {
  if (makeDetails) setCurrentDetails(makeDetails());
}
