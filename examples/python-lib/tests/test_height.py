import unittest

from tides import height


class Height(unittest.TestCase):
    def test_starts_low_and_ends_high(self):
        self.assertEqual(height(2, 14, 0), 2)
        self.assertEqual(height(2, 14, 6), 14)

    def test_rises_fastest_in_the_middle(self):
        rises = [height(0, 12, h + 1) - height(0, 12, h) for h in range(6)]
        self.assertEqual(rises, [1, 2, 3, 3, 2, 1])

    def test_refuses_hours_outside_of_one_tide(self):
        for hours in (-1, 6.5):
            with self.subTest(hours=hours), self.assertRaises(ValueError):
                height(0, 12, hours)


if __name__ == "__main__":
    unittest.main()
