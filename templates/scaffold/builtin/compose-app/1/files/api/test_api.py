import unittest

from api import answer, connect


class ApiTest(unittest.TestCase):
    def setUp(self):
        self.db = connect(":memory:")
        self.addCleanup(self.db.close)

    def test_keeps_notes_in_order(self):
        for text in ("Buy milk", "Call Ada"):
            self.assertEqual(answer(self.db, "POST", "/notes", text), ("201 Created", text))
        self.assertEqual(answer(self.db, "GET", "/notes", ""), ("200 OK", "Buy milk\nCall Ada"))

    def test_is_healthy(self):
        self.assertEqual(answer(self.db, "GET", "/health", ""), ("200 OK", "ok"))

    def test_does_not_find_other_paths(self):
        self.assertEqual(answer(self.db, "GET", "/nowhere", "")[0], "404 Not Found")
