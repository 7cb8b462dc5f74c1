import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fail } from '@plugga/kit';
import { Hono } from 'hono';

const assets: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Plugga operator API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="api"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
const script = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, persistAuthorization: false, validatorUrl: null });\n`;

/** Swagger UI draws its icons and sizes with inline styles and data images; scripts are files of ours only. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The operator API to read and try out, at /docs, from files of ours. */
export function docs(): Hono {
  const files = createRequire(import.meta.url);
  const app = new Hono();
  app.use('*', async (c, next) => {
    await next();
    c.header('content-security-policy', policy);
  });
  app.get('/', (c) => c.html(page));
  app.get('/start.js', (c) => c.body(script, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/:file', async (c) => {
    const file = c.req.param('file');
    const type = assets[file];
    if (type === undefined) throw fail('not-found', `there is no page /docs/${file}`);
    const bytes = await readFile(files.resolve(`swagger-ui-dist/${file}`));
    return c.body(new Uint8Array(bytes), 200, { 'content-type': type, 'cache-control': 'public, max-age=86400' });
  });
  return app;
}
