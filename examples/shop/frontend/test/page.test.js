import assert from 'node:assert/strict';
import test from 'node:test';
import { money, order, shop } from '../src/page.js';

test('money has two digits of cents', () => {
  assert.deepEqual([5, 1200, 12999].map(money), ['0.05', '12.00', '129.99']);
});

test('names are no markup', () => {
  assert.match(shop('Shop', [{ name: '<b>"rope"', cents: 1200 }]), /&lt;b&gt;&quot;rope&quot;, 12\.00/);
});

test('an order waits for its receipt', () => {
  assert.match(order('Shop', { id: 1, product: 'rope', amount: 2 }), /being written/);
  assert.match(order('Shop', { id: 1, product: 'rope', amount: 2, receipt: 'total 24.00' }), /total 24\.00/);
});
