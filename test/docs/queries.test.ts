import { ownNamespace, type TestServer } from '../support/servers';
import { names, rows } from './pages';

let server: TestServer;

beforeAll(async () => {
  server = await ownNamespace();
});

afterAll(() => server.close());

test.each(
  ['Finding numbers', 'Failed webhooks'].flatMap((heading) =>
    rows('docs/operators.md', heading).flatMap(([, query = '']) => names(query)),
  ),
)('Temporal takes the query of docs/operators.md %s', async (query) => {
  await expect(server.env.client.workflow.count(query)).resolves.toMatchObject({ count: 0 });
});
