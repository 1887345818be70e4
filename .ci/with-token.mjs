// Forwards requests of a client that cannot send a token: node with-token.mjs TARGET TOKEN-FILE; prints its own address on loopback.
import fs from 'node:fs';
import http from 'node:http';

const [target, file] = process.argv.slice(2);
const server = http.createServer((request, response) => {
  const headers = { ...request.headers, authorization: `Bearer ${fs.readFileSync(file, 'utf8').trim()}`, host: new URL(target).host };
  const forwarded = http.request(new URL(request.url, target), { method: request.method, headers }, answer => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  forwarded.on('error', error => { response.writeHead(502); response.end(String(error)); });
  request.pipe(forwarded);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
