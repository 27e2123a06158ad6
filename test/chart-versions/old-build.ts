import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';
import { failureConverterPath } from '../../temporal/data-converter';

/** The workflows of a build that knows version 1 of the chart alone. */
export async function oldBuild(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath: require.resolve('../../workflows'),
    failureConverterPath,
    logger: new DefaultLogger('ERROR'),
    webpackConfigHook: (config) => ({
      ...config,
      resolve: {
        ...config.resolve,
        conditionNames: ['require', 'module', 'webpack', 'production', 'browser'],
        alias: {
          ...(config.resolve?.alias as Record<string, string>),
          [require.resolve('../../workflows/number/charts')]: require.resolve('./before/charts'),
        },
      },
    }),
  });
}
