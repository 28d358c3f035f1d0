import unittest

from shop_worker import receipt


class Receipt(unittest.TestCase):
    def test_money_has_two_digits_of_cents(self):
        self.assertEqual([receipt.money(c) for c in (5, 1200, 12999)], ["0.05", "12.00", "129.99"])

    def test_a_few_have_the_full_price(self):
        self.assertEqual(receipt.write({"product": "rope", "amount": 2, "cents": 1200}), "2 x rope at 12.00\ntotal 24.00")

    def test_many_are_cheaper(self):
        self.assertEqual(receipt.write({"product": "rope", "amount": 10, "cents": 1205}), "10 x rope at 12.05\noff 12.05\ntotal 108.45")
