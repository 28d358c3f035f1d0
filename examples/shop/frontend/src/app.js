import * as page from './page.js';

// app answers requests with pages of what the API says.
export function app({ api, name }) {
  return (request, response) => handle(request, api).then(
    ({ status = 200, headers, html }) => response
      .writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers })
      .end(html?.(name)),
    (error) => response
      .writeHead(error.status ?? 502, { 'content-type': 'text/html; charset=utf-8' })
      .end(page.sorry(name, error.status ? error.message : 'The shop cannot be reached.')),
  );
}

async function handle(request, api) {
  const path = new URL(request.url, 'http://shop').pathname;
  const what = `${request.method} ${path}`;
  if (what === 'GET /health') return { html: () => 'ok\n' };
  if (what === 'GET /') {
    const products = await ask(`${api}/products`);
    return { html: (name) => page.shop(name, products) };
  }
  if (what === 'POST /orders') {
    const form = new URLSearchParams(await text(request));
    const order = { product: form.get('product'), amount: Number(form.get('amount')) };
    const { id } = await ask(`${api}/orders`, { method: 'POST', body: JSON.stringify(order) });
    return { status: 303, headers: { location: `/orders/${id}` } };
  }
  if (/^GET \/orders\/\d+$/.test(what)) {
    const order = await ask(api + path);
    return { html: (name) => page.order(name, order) };
  }
  throw Object.assign(new Error('There is no such page.'), { status: 404 });
}

async function ask(url, options) {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(5000) });
  const said = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(said.error), { status: answer.status });
  return said;
}

async function text(request) {
  let all = '';
  for await (const part of request.setEncoding('utf8')) {
    all += part;
    if (all.length > 65536) throw Object.assign(new Error('That is too much.'), { status: 413 });
  }
  return all;
}
