import { readFile } from 'node:fs/promises';

/** Length of a tick in `/proc/<pid>/stat`, in milliseconds; the kernel shows 100 a second on every Linux of today. */
const tick = 10;

/** Milliseconds of CPU that a process which is not ours has used; `NaN` where the system does not tell (only Linux does). */
export async function cpuOf(pid: number | undefined): Promise<number> {
  try {
    const stat = await readFile(`/proc/${pid ?? 0}/stat`, 'utf8');
    // The second field is the command in brackets and may hold blanks; user and system time are the 14th and 15th.
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) * tick;
  } catch {
    return NaN;
  }
}
