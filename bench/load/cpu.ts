/** What the system tells of a process, where it does (Linux). */
import { readFileSync } from 'node:fs';

/** Ticks of the kernel's accounting; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Time on a core so far, all threads; null where it is not told or the process is gone. */
export function cpuSecondsOf(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The program's name, in brackets, may hold spaces; user and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory in MB (2^20 bytes), or null. */
export function residentMbOf(pid: number): number | null {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '');
  return match === null ? null : Number(match[1]) / 1024;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
