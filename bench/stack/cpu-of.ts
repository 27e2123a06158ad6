import { readFile } from 'node:fs/promises';

/** Length of a tick in `/proc/<pid>/stat`, in milliseconds; the kernel shows 100 a second on every Linux of today. */
const tick = 10;

/** Milliseconds of CPU that a process which is not ours has used; `NaN` where the system does not say (only Linux does). */
export async function cpuOf(pid: number | undefined): Promise<number> {
  const [user = NaN, system = NaN] = await ticks(pid);
  return (user + system) * tick;
}

/** The same of a process and its children, ended ones too. */
export async function cpuOfFamily(pid: number): Promise<number> {
  const [user = NaN, system = NaN, endedUser = NaN, endedSystem = NaN] = await ticks(pid);
  const own = (user + system + endedUser + endedSystem) * tick;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const living = await Promise.all(children.split(' ').filter(Boolean).map(Number).map(cpuOf));
  // One that has just ended is counted the next time.
  return living.filter(Number.isFinite).reduce((sum, cpu) => sum + cpu, own);
}

/** User and system time of a process, and of its children that have ended. */
async function ticks(pid: number | undefined): Promise<number[]> {
  try {
    const stat = await readFile(`/proc/${pid ?? 0}/stat`, 'utf8');
    // The second field is the command in brackets and may hold blanks; the times are the 14th to the 17th.
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
      .map(Number);
  } catch {
    return [];
  }
}
