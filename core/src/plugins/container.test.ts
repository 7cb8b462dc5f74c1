import { expect, test } from 'vitest';
import { installation, token, wire } from './container.ts';

class Greeter {
  readonly text: string;
  constructor(greeting: string, name: { readonly first: string }) {
    this.text = `${greeting} ${name.first}`;
  }
}
const greeting = token<string>('greeting');
const name = token<{ readonly first: string }>('name');
const greeter = token<Greeter>('greeter');
wire(Greeter, greeting, name);
// @ts-expect-error the tokens in another order than the constructor's parameters
void (() => wire(Greeter, name, greeting));
// @ts-expect-error a token too few
void (() => wire(Greeter, greeting));

test('each plugin’s room makes its own of what both share', () => {
  const root = installation().value(greeting, 'Hej');
  const [one, two] = ['Anna', 'Bert'].map((first) => root.room().value(name, { first }).scoped(greeter, Greeter));
  expect(one!.get(greeter).text).toBe('Hej Anna');
  expect(two!.get(greeter).text).toBe('Hej Bert');
  expect(one!.get(greeter)).toBe(one!.get(greeter));
});

test('what one room is given, another does not see, nor does the installation', () => {
  const root = installation();
  root.room().value(name, { first: 'Anna' });
  expect(() => root.room().get(name)).toThrow();
  expect(() => root.get(name)).toThrow();
});

test('two installations in one process share nothing', () => {
  installation().value(greeting, 'Hej');
  expect(() => installation().get(greeting)).toThrow();
});
