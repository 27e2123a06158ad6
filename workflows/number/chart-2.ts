import { numberChart } from './chart';
import { chartSetup, configOf } from './chart-setup';

const config = configOf(numberChart);

/**
 * The life of a pre-verified phone number, version 2: as version 1, but one that Meta no longer has in its pool cannot be
 * reserved until it is found again, for whoever it were held for could not take it.
 */
export const numberChart2 = chartSetup.createMachine({
  ...config,
  on: {
    ...config.on,
    reserve: {
      guard: 'reservableInPool',
      actions: ['recordReservation', 'cancelReservation', 'startReservation'],
    },
  },
});
