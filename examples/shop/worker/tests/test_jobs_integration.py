import json
import os
import unittest

from shop_worker import jobs

try:
    import redis
except ImportError:
    redis = None


@unittest.skipUnless(redis, "the client of Redis is not installed")
@unittest.skipUnless(os.environ.get("REDIS_HOST"), "REDIS_HOST does not say where Redis is")
class Jobs(unittest.TestCase):
    def setUp(self):
        self.redis = redis.Redis(os.environ["REDIS_HOST"], int(os.environ.get("REDIS_PORT", "6379")), decode_responses=True)
        self.addCleanup(self.redis.close)
        self.redis.delete(jobs.WAITING, jobs.TAKEN, "receipt:1")

    def test_a_job_becomes_a_receipt(self):
        self.redis.lpush(jobs.WAITING, json.dumps({"id": 1, "product": "rope", "amount": 2, "cents": 1200}))
        self.assertEqual(jobs.take(self.redis), 1)
        self.assertEqual(self.redis.get("receipt:1"), "2 x rope at 12.00\ntotal 24.00")
        self.assertEqual(self.redis.llen(jobs.TAKEN), 0)

    def test_what_is_no_order_is_in_nobodys_way(self):
        self.redis.lpush(jobs.WAITING, "rope")
        self.assertIsNone(jobs.take(self.redis))
        self.assertEqual(self.redis.llen(jobs.TAKEN), 0)

    def test_jobs_of_a_worker_that_died_are_done(self):
        self.redis.lpush(jobs.TAKEN, json.dumps({"id": 1, "product": "rope", "amount": 1, "cents": 1200}))
        jobs.take_back(self.redis)
        self.assertEqual(jobs.take(self.redis), 1)
