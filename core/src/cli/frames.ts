import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail } from '@plugga/kit';
import { readRecording } from '../recording/frame.ts';
import { makeQuirk } from '../recording/make-quirk.ts';
import { replayRecording } from '../recording/replay.ts';
import { reportOf } from '../recording/report.ts';
import { apiOf, apiOptions, apiUsage } from './api.ts';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';

export const framesExport: Command = {
  usage: `plugga frames export <identity> [--from <instant>] [--to <instant>] ${apiUsage}`,
  summary: "A station's frames as JSON lines, oldest first, without tokens and secrets",
  async run(invocation) {
    const options = { ...apiOptions, from: { type: 'string' }, to: { type: 'string' } } as const;
    const { values, words } = optionsOf(invocation.args, options, ['identity']);
    const { url, key, from, to } = values;
    const query = new URLSearchParams({ station: words[0] ?? '', ...(from && { from }), ...(to && { to }) });
    const text = await apiOf(invocation, { url, key }).text(`frames/export?${query}`);
    if (text === '') invocation.err('no frame is kept of that time');
    else invocation.out(text.trimEnd());
    return exitCodes.done;
  },
};

/** Where quirks live in this repository; elsewhere they are put beside where we work. */
const HERE = 'adapters/quirks';

export const framesReplay: Command = {
  usage:
    'plugga frames replay <file.jsonl> [--protocol ocpp1.6] [--time-zone UTC] [--make-quirk <vendor>] [--to <folder>]',
  summary: 'What a recording means here, frame by frame; --make-quirk writes a quirk and its fixture to begin from',
  async run(invocation) {
    const options = {
      protocol: { type: 'string' },
      'time-zone': { type: 'string' },
      'make-quirk': { type: 'string' },
      to: { type: 'string' },
    } as const;
    const { values, words } = optionsOf(invocation.args, options, ['file.jsonl']);
    const path = words[0] ?? '';
    const { adapters, quirks } = await invocation.deployment();
    const wanted = values.protocol ?? adapters[0]?.protocol;
    const adapter = adapters.find(({ protocol }) => protocol === wanted);
    if (adapter === undefined)
      throw fail('invalid-input', `no adapter speaks "${wanted}": ${adapters.map((it) => it.protocol).join(', ')}`);
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      throw fail('invalid-input', `${path} cannot be read: ${String((error as { code?: unknown }).code ?? error)}`);
    });
    const timeZone = values['time-zone'] ?? 'UTC';
    const recording = readRecording(text, (action) => Object.hasOwn(adapter.inbound, action));
    const replayed = replayRecording(recording, { adapter, quirks, timeZone });
    invocation.out(
      invocation.json ? replayed.frames.map((frame) => JSON.stringify(frame)).join('\n') : reportOf(replayed),
    );
    const name = values['make-quirk'];
    if (name === undefined) return exitCodes.done;
    const folder = values.to ?? (existsSync(HERE) ? HERE : '.');
    const files = Object.entries(makeQuirk(replayed, name)).map(
      ([to, content]) => [join(folder, to), content] as const,
    );
    for (const [to] of files) if (existsSync(to)) throw fail('conflict', `${to} is there already`);
    for (const [to, content] of files) {
      await mkdir(dirname(to), { recursive: true });
      await writeFile(to, content);
      invocation.err(`  ${to}`);
    }
    invocation.err('Next: say in the fixture what each frame must mean, write the quirk, and name it in src/index.ts.');
    return exitCodes.done;
  },
};
