import type { DevServer } from '../../stack/dev-server';

/** Jest loads set-up and teardown each for itself; what they share lives in the global scope. */
const scope = globalThis as { sharedDevServer?: DevServer };

export function keepForTeardown(server: DevServer): void {
  scope.sharedDevServer = server;
}

export async function stopShared(): Promise<void> {
  await scope.sharedDevServer?.stop();
}
