import { WebSocketServer } from 'ws';

/**
 * The bare server that the platform is measured against: `ws`, JSON.parse, a valid fixed answer, nothing else. What
 * remains of a message when nothing is checked, stored, authorised or billed.
 */
const answers: Readonly<Record<string, string>> = {
  BootNotification: '{"status":"Accepted","currentTime":"2026-01-01T00:00:00Z","interval":300}',
  Authorize: '{"idTagInfo":{"status":"Accepted"}}',
  StartTransaction: '{"transactionId":1,"idTagInfo":{"status":"Accepted"}}',
  Heartbeat: '{"currentTime":"2026-01-01T00:00:00Z"}',
};
const answers2: Readonly<Record<string, string>> = {
  ...answers,
  Authorize: '{"idTokenInfo":{"status":"Accepted"}}',
};

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  perMessageDeflate: false,
  handleProtocols: (offered) => [...offered][0] ?? false,
});
server.on('connection', (socket) => {
  const fixed = socket.protocol === 'ocpp1.6' ? answers : answers2;
  socket.on('message', (data: Buffer) => {
    const [, id, action] = JSON.parse(data.toString()) as [number, string, string];
    socket.send(`[3,"${id}",${fixed[action] ?? '{}'}]`);
  });
});
server.on('listening', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(JSON.stringify({ port: address.port }));
});
