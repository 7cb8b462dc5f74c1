/** How a station puts a file at the place that it was given. */
export type UploadMethod = 'PUT' | 'POST' | 'multipart';

export type Uploaded =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'PermissionDenied' | 'BadMessage' | 'NotSupportedOperation' | 'UploadFailure' };

/** Files over HTTP, each with a deadline. */
export interface Transfer {
  /** Undefined when it could not be had whole. */
  download(location: string, signal: AbortSignal): Promise<Buffer | undefined>;
  upload(location: string, file: { name: string; text: string }, signal: AbortSignal): Promise<Uploaded>;
}

const WITHIN_MS = 60_000;
/** A virtual station's flash. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The address, and the user and password of it as a header: fetch refuses them in the address. */
const addressOf = (location: string): { url: URL; headers: Record<string, string> } | undefined => {
  const url = URL.parse(location);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const { username, password } = url;
  if (username === '') return { url, headers: {} };
  url.username = url.password = '';
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}` } };
};

const formOf = ({ name, text }: { name: string; text: string }): FormData => {
  const form = new FormData();
  form.append('file', new Blob([text], { type: 'text/plain' }), name);
  return form;
};

const bytesOf = async (response: Response): Promise<Buffer | undefined> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

export const transfer = (o: { readonly uploadWith: UploadMethod; readonly withinMs?: number }): Transfer => {
  const until = (signal: AbortSignal): AbortSignal =>
    AbortSignal.any([signal, AbortSignal.timeout(o.withinMs ?? WITHIN_MS)]);
  return {
    async download(location, signal) {
      const address = addressOf(location);
      if (address === undefined) return undefined;
      try {
        const response = await fetch(address.url, { headers: address.headers, signal: until(signal) });
        return response.ok ? await bytesOf(response) : undefined;
      } catch {
        return undefined;
      }
    },
    async upload(location, file, signal) {
      const address = addressOf(location);
      if (address === undefined) return { ok: false, why: 'NotSupportedOperation' };
      const { url, headers } = address;
      // Stations put their file's name behind the place that they were given.
      url.pathname = `${url.pathname.replace(/\/+$/, '')}/${encodeURIComponent(file.name)}`;
      const method = o.uploadWith === 'PUT' ? 'PUT' : 'POST';
      const sent =
        o.uploadWith === 'multipart'
          ? { body: formOf(file), headers }
          : { body: file.text, headers: { ...headers, 'content-type': 'text/plain' } };
      try {
        const { ok, status } = await fetch(url, { method, ...sent, signal: until(signal) });
        if (ok) return { ok: true };
        if (status === 401 || status === 403) return { ok: false, why: 'PermissionDenied' };
        if (status === 405 || status === 501) return { ok: false, why: 'NotSupportedOperation' };
        return { ok: false, why: status === 400 ? 'BadMessage' : 'UploadFailure' };
      } catch {
        return { ok: false, why: 'UploadFailure' };
      }
    },
  };
};
