import type { paths } from './schema.ts';

/** The operator API's operations by method and path below /api/v1, as its OpenAPI document has them. */
export type Method = 'get' | 'post' | 'patch' | 'delete';

type Below<P> = P extends `/api/v1${infer Rest}` ? Rest : never;
type Full<P extends string> = `/api/v1${P}` & keyof paths;
type OperationOf<P extends string, M extends Method> =
  Full<P> extends infer F extends keyof paths ? (paths[F] extends Record<M, infer O> ? O : never) : never;

export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, infer O> ? ([O] extends [undefined] ? never : Below<P>) : never;
}[keyof paths];

type Parameters<O, Where extends string> = O extends { parameters: infer P }
  ? P extends Partial<Record<Where, infer V>>
    ? Exclude<V, undefined>
    : never
  : never;
type Required_<K extends string, V> = [V] extends [never]
  ? { readonly [P in K]?: never }
  : Record<never, never> extends V
    ? { readonly [P in K]?: V }
    : { readonly [P in K]: V };
type BodyOf<O> = O extends { requestBody?: infer B }
  ? Exclude<B, undefined> extends { content: { 'application/json': infer J } }
    ? J
    : never
  : never;
type Content<R> = R extends { content: { 'application/json': infer J } } ? J : undefined;

/** What an operation takes: path parameters, query and body, each only where it has one. */
export type InputOf<P extends string, M extends Method> =
  OperationOf<P, M> extends infer O
    ? Required_<'path', Parameters<O, 'path'>> &
        Required_<'query', Parameters<O, 'query'>> &
        Required_<'body', BodyOf<O>>
    : never;

/** What it gives when it works. */
export type OutputOf<P extends string, M extends Method> =
  OperationOf<P, M> extends { responses: infer R }
    ? { [S in keyof R & (200 | 201 | 202 | 204)]: Content<R[S]> }[keyof R & (200 | 201 | 202 | 204)]
    : never;

/** Paths of lists, and what is in them. */
export type ListPath = {
  [P in PathOf<'get'>]: OutputOf<P, 'get'> extends { items: unknown[]; next: string | null } ? P : never;
}[PathOf<'get'>];
export type ItemOf<P extends string> = OutputOf<P, 'get'> extends { items: (infer I)[] } ? I : never;
