import { ChartVersions } from '../../../../workflows/interpreter/chart-versions';
import { lightOf } from '../light';
import { chart } from '../v1/chart';

/** The build that knew version 1 alone. */
export const light = lightOf(new ChartVersions({ 1: { chart } }));
