import { ChartVersions } from '../interpreter/chart-versions';
import { customerChart } from './chart';

/** Every released version of a customer's chart. */
export const customerCharts = new ChartVersions({ 1: { chart: customerChart } });
