import 'reflect-metadata';
import { container, type DependencyContainer, inject, injectable, Lifecycle } from 'tsyringe';

declare const given: unique symbol;
/** Names a value of the container and carries its type. */
export interface Token<T> {
  readonly symbol: symbol;
  /** Never read: carries the type. */
  readonly [given]?: T;
}
export const token = <T>(name: string): Token<T> => ({ symbol: Symbol(name) });

type Class<T> = new (...args: unknown[]) => T;
type Tokens<A extends readonly unknown[]> = { readonly [I in keyof A]: Token<A[I]> };

/** What decorators would say: which token fills each parameter of the constructor, checked by its types. */
export function wire<T, A extends readonly unknown[]>(cls: new (...args: A) => T, ...tokens: Tokens<A>): void {
  const target = cls as unknown as Class<T>;
  tokens.forEach((it: Token<unknown>, i) => inject(it.symbol)(target, undefined, i));
  injectable()(target);
}

/** One room of the container: the installation's, or one plugin's inside it. */
export interface Scope {
  /** Gives a value. In the installation's room only values: what it made once would keep a plugin's own. */
  value<T>(token: Token<T>, value: T): Scope;
  /** Made at first use in each room of its own, with what that room gives. */
  scoped<T>(token: Token<T>, cls: new (...args: never[]) => T): Scope;
  get<T>(token: Token<T>): T;
  room(): Scope;
}

const scope = (inner: DependencyContainer): Scope => {
  const self: Scope = {
    value: (token, value) => {
      inner.register(token.symbol, { useValue: value });
      return self;
    },
    scoped: (token, cls) => {
      inner.register(token.symbol, { useClass: cls as Class<unknown> }, { lifecycle: Lifecycle.ContainerScoped });
      return self;
    },
    get: (token) => inner.resolve(token.symbol),
    room: () => scope(inner.createChildContainer()),
  };
  return self;
};

/** A container of its own, apart from tsyringe's global one. */
export const installation = (): Scope => scope(container.createChildContainer());
