// Pages as text. Nothing in here asks anybody for anything.
const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escape = (text) => String(text).replace(/[&<>"']/g, (c) => entities[c]);

export const money = (cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

const page = (title, body) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escape(title)}</title>
<h1>${escape(title)}</h1>
${body}
</html>
`;

const product = ({ name, cents }) => `<li>${escape(name)}, ${money(cents)}
<form method="post" action="/orders"><input type="hidden" name="product" value="${escape(name)}">
<input type="number" name="amount" value="1" min="1"> <button>Order</button></form>`;

export const shop = (title, products) => page(title, `<ul>\n${products.map(product).join('\n')}\n</ul>`);

export const order = (title, { id, product, amount, receipt }) =>
  page(title, `<p>Order ${id}: ${amount} × ${escape(product)}</p>
<pre>${receipt ? escape(receipt) : 'The receipt is being written.'}</pre>
<a href="/">Back</a>`);

export const sorry = (title, why) => page(title, `<p>${escape(why)}</p>\n<a href="/">Back</a>`);
