import { ChartVersions } from '../../../../workflows/interpreter/chart-versions';
import { chart, fromVersion1 } from '../chart';
import { lightOf } from '../light';
import { chart as chart1 } from '../v1/chart';

/** The build after it: version 1 stands frozen beside the latest. */
export const light = lightOf(new ChartVersions({ 1: { chart: chart1 }, 2: { chart, adapt: fromVersion1 } }));
