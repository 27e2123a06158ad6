import { Server, ServerCredentials, status, type MethodDefinition, type sendUnaryData } from '@grpc/grpc-js';
import { connect } from '../../temporal/connect';
import { needs, readSettings } from '../../settings';

const asIs = (bytes: Buffer) => bytes;
const method = (name: string): MethodDefinition<Buffer, Buffer> => ({
  path: `/temporal.api.workflowservice.v1.WorkflowService/${name}`,
  requestStream: false,
  responseStream: false,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
});

test('a call that waits to be tried again ends with its connection, and takes nothing down', async () => {
  const server = new Server();
  let asked!: () => void;
  const waits = new Promise<void>((resolve) => (asked = resolve));
  const nothing = Buffer.alloc(0);
  server.addService(
    { getSystemInfo: method('GetSystemInfo'), describeNamespace: method('DescribeNamespace') },
    {
      getSystemInfo: (_: unknown, answer: sendUnaryData<Buffer>) => {
        answer(null, nothing);
      },
      describeNamespace: (_: unknown, answer: sendUnaryData<Buffer>) => {
        answer({ code: status.UNAVAILABLE });
        asked();
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  try {
    const { connection, close } = await connect(
      readSettings(needs.client, {
        TEMPORAL_ADDRESS: `127.0.0.1:${String(port)}`,
        PORTFOLIO_ID: '506914307656634',
      }),
    );
    const call = connection.workflowService.describeNamespace({ namespace: 'default' });
    await waits;
    await close();
    await expect(call).rejects.toMatchObject({ code: status.CANCELLED });
  } finally {
    server.forceShutdown();
  }
});
