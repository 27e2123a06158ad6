import type { Client } from '@temporalio/client';

/**
 * One page of what Temporal's list finds. `client.workflow.list` hides the page token, which a workflow hands from one
 * activity to the next: https://github.com/temporalio/sdk-typescript/issues/1289
 *
 * @param page.after the token that the page before gave, `null` for the first one
 * @returns `after` is `null` on the last page
 */
export async function listPage(
  client: Client,
  query: string,
  { after, size }: { after: string | null; size: number },
) {
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    pageSize: size,
    query,
    nextPageToken: after === null ? null : Buffer.from(after, 'base64'),
  });
  return {
    executions,
    after: nextPageToken.length > 0 ? Buffer.from(nextPageToken).toString('base64') : null,
  };
}
