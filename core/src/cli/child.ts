import { spawn } from 'node:child_process';

/** Another program in our terminal, ended with us; its exit code is ours. */
export function runChild(args: readonly string[], ended: Promise<string>): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  void ended.then((signal) => child.kill(signal as NodeJS.Signals));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 0)));
  });
}
