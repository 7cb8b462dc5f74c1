import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sseParser, type ServerEvent } from './sse.ts';

const parse = (...chunks: readonly string[]): readonly ServerEvent[] => chunks.flatMap(sseParser());

describe('server-sent events', () => {
  test('have a name, an id and data', () => {
    expect(parse('id: 7\nevent: session.started\ndata: {"a":1}\n\n')).toEqual([
      { id: '7', type: 'session.started', data: '{"a":1}' },
    ]);
  });

  test('of comments and fields that are not known there are none', () => {
    expect(parse(': from 12\n\nretry: 2000\n\nnothing\n\n')).toEqual([]);
  });

  test('keep the last id until another comes', () => {
    expect(parse('id: 1\ndata: a\n\ndata: b\n\n').map(({ id }) => id)).toEqual(['1', '1']);
  });

  test('without a name are messages; several data lines are one text', () => {
    expect(parse('data: a\ndata: b\n\n')).toEqual([{ id: undefined, type: 'message', data: 'a\nb' }]);
  });

  test('may begin with a byte order mark', () => {
    expect(parse('\uFEFFdata: a\n\n')).toHaveLength(1);
  });

  test('end their lines with LF, CR or both', () => {
    expect(parse('data: a\r\rdata: b\r\n\r\ndata: c\n\n').map(({ data }) => data)).toEqual(['a', 'b', 'c']);
  });

  test('are the same however the text is cut', () => {
    const text =
      ': hello\r\n\r\nid: 1\r\nevent: a\r\ndata: x\r\n\r\nid: 2\nevent: b\ndata: y\ndata: z\n\nid: 3\ndata: å\n\n';
    const whole = parse(text);
    expect(whole).toHaveLength(3);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: text.length })), (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const chunks = edges.slice(1).map((end, index) => text.slice(edges[index], end));
        expect(parse(...chunks)).toEqual(whole);
      }),
    );
  });
});
