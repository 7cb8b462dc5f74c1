export interface ServerEvent {
  readonly id: string | undefined;
  readonly type: string;
  readonly data: string;
}

/** Server-sent events from text as it arrives, in pieces of any size (WHATWG HTML section 9.2.6). Comments are heard and give nothing. */
export function sseParser(): (chunk: string) => readonly ServerEvent[] {
  let rest = '';
  let first = true;
  let lastId: string | undefined;
  let type = '';
  let data: string[] = [];

  const line = (text: string): ServerEvent | undefined => {
    if (text === '') {
      const event = data.length === 0 ? undefined : { id: lastId, type: type || 'message', data: data.join('\n') };
      type = '';
      data = [];
      return event;
    }
    const colon = text.indexOf(':');
    const field = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') type = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id' && !value.includes('\0')) lastId = value;
    return undefined;
  };

  return (chunk) => {
    rest += first ? chunk.replace(/^\uFEFF/, '') : chunk;
    if (chunk !== '') first = false;
    const events: ServerEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r/.exec(rest);
      // A CR at the very end may be the first half of a CRLF.
      if (end === null || (end[0] === '\r' && end.index === rest.length - 1)) return events;
      const event = line(rest.slice(0, end.index));
      if (event !== undefined) events.push(event);
      rest = rest.slice(end.index + end[0].length);
    }
  };
}
