import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel knows of processes, from /proc. */
interface Usage {
  /** Seconds of CPU in user and kernel mode, exited children included. */
  readonly cpuSeconds: number;
  /** Proportional set size: memory that several processes share counts once. */
  readonly memoryBytes: number;
}

const TICKS_A_SECOND = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

const statOf = (pid: number): Stat | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in parentheses and may hold anything; the fields after it are numbers.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
    return { pid, parent: Number(fields[1]), ticks };
  } catch {
    return undefined;
  }
};

const allProcesses = (): Stat[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);

/** A process and all its descendants that live now. */
export const treeOf = (root: number): number[] => {
  const all = allProcesses();
  const found = new Set([root]);
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, parent } of all) {
      if (!found.has(parent) || found.has(pid)) continue;
      found.add(pid);
      grew = true;
    }
  }
  return [...found];
};

/** Processes whose command line names that text: a database whose parent has died is found by its folder. */
export const processesNaming = (text: string): number[] =>
  allProcesses()
    .map(({ pid }) => pid)
    .filter((pid) => {
      if (pid === process.pid) return false;
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });

const memoryOf = (pid: number): number => {
  try {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(pss ?? 0) * 1_024;
  } catch {
    return 0;
  }
};

export const usageOf = (pids: readonly number[]): Usage => ({
  cpuSeconds: pids.reduce((sum, pid) => sum + (statOf(pid)?.ticks ?? 0), 0) / TICKS_A_SECOND,
  memoryBytes: pids.reduce((sum, pid) => sum + memoryOf(pid), 0),
});
