/** What came in one request: a file and the name that the station gave it. */
export interface Received {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type Refusal = { readonly status: 400 | 413; readonly why: string };

/** Reads at most so many bytes; undefined when there are more. */
async function readUpTo(body: ReadableStream<Uint8Array> | null, most: number): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** A name and no path: what stands before a slash, and what no file system takes, is left out. */
const fileName = (given: string | undefined): string | undefined => {
  const last = (given ?? '').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replaceAll(/[\p{Cc}"<>|:*?]/gu, '_')
    .replace(/^\.+/, '')
    .slice(0, 200)
    .toWellFormed();
  return plain === '' ? undefined : plain;
};

/** The file in a request, as bytes or as the first file of a form. `rest` is the path that the station appended. */
export async function receivedIn(
  request: Pick<Request, 'body' | 'headers'>,
  o: { readonly rest: string; readonly most: number },
): Promise<Received | Refusal> {
  const bytes = await readUpTo(request.body, o.most);
  if (bytes === undefined) return { status: 413, why: `the file is larger than ${o.most} bytes` };
  const appended = fileName(decoded(o.rest));
  const type = request.headers.get('content-type') ?? '';
  if (!type.toLowerCase().startsWith('multipart/form-data'))
    return bytes.length === 0 ? { status: 400, why: 'nothing was sent' } : { name: appended ?? 'upload.bin', bytes };
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => undefined);
  const file = [...(form?.values() ?? [])].find((value) => typeof value !== 'string');
  if (file === undefined) return { status: 400, why: 'the form has no file' };
  return { name: fileName(file.name) ?? appended ?? 'upload.bin', bytes: new Uint8Array(await file.arrayBuffer()) };
}
