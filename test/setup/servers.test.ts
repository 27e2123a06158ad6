import { searchAttributes } from '../../contract/search-attributes';
import { ownDevServer, ownNamespace, timeSkippingServer } from '../support/servers';

describe('the servers that tests run on', () => {
  it('find numbers by search attribute in a namespace of their own', async () => {
    const { env, close } = await ownNamespace();
    await env.client.workflow.start('nobody', {
      workflowId: 'number:1',
      taskQueue: 'nobody',
      typedSearchAttributes: [{ key: searchAttributes.NumberState, value: 'Added' }],
    });
    const found = async () => (await env.client.workflow.count("NumberState = 'Added'")).count;
    while ((await found()) === 0);
    expect(await found()).toBe(1);
    await close();
  });

  it('skip time', async () => {
    const { env, close } = await timeSkippingServer();
    const before = await env.currentTimeMs();
    await env.sleep('90 days');
    expect((await env.currentTimeMs()) - before).toBeGreaterThanOrEqual(90 * 24 * 60 * 60 * 1000);
    await close();
  });

  it('take dynamic configuration where they are their own', async () => {
    const { env, close } = await ownDevServer({
      dynamicConfig: { 'limit.blobSize.error': 1000, 'limit.blobSize.warn': 500 },
    });
    const start = env.client.workflow.start('nobody', {
      workflowId: 'n',
      taskQueue: 'nobody',
      args: ['x'.repeat(2000)],
    });
    await expect(start).rejects.toThrow();
    await close();
  });
});
