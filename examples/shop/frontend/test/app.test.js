import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import test from 'node:test';
import { app } from '../src/app.js';

const listen = (handler) => new Promise((done) => {
  const server = createServer(handler).listen(0, '127.0.0.1', () => done({ server, url: `http://127.0.0.1:${server.address().port}` }));
});

test('pages show what the API says', async (t) => {
  const asked = [];
  const api = await listen((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const [status, said] = request.url === '/orders/9' ? [404, { error: 'there is no such thing' }]
      : [200, request.method === 'POST' ? { id: 7 } : [{ name: 'rope', cents: 1200 }]];
    response.writeHead(status).end(JSON.stringify(said));
  });
  const shop = await listen(app({ api: api.url, name: 'Shop' }));
  t.after(() => [api, shop].forEach(({ server }) => { server.close(); server.closeAllConnections(); }));

  assert.match(await (await fetch(shop.url)).text(), /<h1>Shop<\/h1>[^]*rope, 12\.00/);
  const placed = await fetch(`${shop.url}/orders`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ product: 'rope', amount: '2' }) });
  assert.deepEqual([placed.status, placed.headers.get('location')], [303, '/orders/7']);
  assert.equal((await fetch(`${shop.url}/orders/9`)).status, 404);
  assert.equal((await fetch(`${shop.url}/nowhere`)).status, 404);
  assert.deepEqual(asked, ['GET /products', 'POST /orders', 'GET /orders/9']);
});

test('without an API there is an apology', async (t) => {
  const { server, url } = await listen(app({ api: 'http://127.0.0.1:1', name: 'Shop' }));
  t.after(() => { server.close(); server.closeAllConnections(); });
  const answer = await fetch(url);
  assert.equal(answer.status, 502);
  assert.match(await answer.text(), /cannot be reached/);
});
