import { ChartVersions } from '../interpreter/chart-versions';
import { numberChart } from './chart';

/** Every released version of the chart: docs/changing-the-chart.md says how there come to be more. */
export const charts = new ChartVersions({ 1: { chart: numberChart } });
