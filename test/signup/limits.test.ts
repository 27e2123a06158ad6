import rateLimit from '@fastify/rate-limit';
import Fastify from 'fastify';
import { numbersOfCustomer, SignupLimits } from '../../gateway/signup/limits';
import { until } from './until';

const hour = 400;

test('the hour of a customer who has had as many numbers as they may ends, though they go on trying', async () => {
  const server = Fastify();
  await server.register(rateLimit);
  const limits = new SignupLimits(server, hour);
  let sessions = 0;
  /** Another number, in a session of its own. */
  const isGiven = () => {
    const id = String(++sessions);
    try {
      limits.countNumber({ id, customerId: 'restless' }, `1555${id}`);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ statusCode: 409, message: expect.stringContaining('in an hour') });
      return false;
    }
  };
  const begun = performance.now();
  for (let given = 0; given < numbersOfCustomer; given++) expect(isGiven()).toBe(true);
  await until(() => Promise.resolve(isGiven()));
  expect(sessions).toBeGreaterThan(numbersOfCustomer + 1);
  expect(performance.now() - begun).toBeGreaterThan(hour / 2);
  await server.close();
});
