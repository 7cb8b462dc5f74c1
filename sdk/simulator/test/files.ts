import { createServer } from 'node:http';

/** A file server of a test: gives what it has, and keeps what is put there. */
export interface TestFiles {
  readonly url: string;
  /** What can be fetched, by path. */
  readonly offered: Map<string, Buffer>;
  readonly put: { method: string; path: string; type: string; authorization: string | undefined; body: string }[];
  /** Status of the answers to uploads, the first first; 201 when there is none left. */
  readonly answers: number[];
  /** Requests for files so far. */
  readonly fetched: string[];
  close(): Promise<void>;
}

export const testFiles = async (): Promise<TestFiles> => {
  const offered = new Map<string, Buffer>();
  const put: TestFiles['put'] = [];
  const answers: number[] = [];
  const fetched: string[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    if (request.method === 'GET') {
      fetched.push(path);
      const file = offered.get(path);
      response.writeHead(file === undefined ? 404 : 200).end(file);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { 'content-type': type = '', authorization } = request.headers;
    put.push({ method: request.method ?? '', path, type, authorization, body: Buffer.concat(chunks).toString() });
    response.writeHead(answers.shift() ?? 201).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    offered,
    put,
    answers,
    fetched,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
};
