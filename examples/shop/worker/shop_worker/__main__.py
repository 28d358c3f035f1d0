"""The worker: python3 -m shop_worker, with REDIS_HOST and REDIS_PORT."""

import os
import signal
import sys

from redis import Redis

from . import healthy, jobs


def main():
    redis = Redis(os.environ.get("REDIS_HOST", "localhost"), int(os.environ.get("REDIS_PORT", "6379")), decode_responses=True)
    going = [True]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: going.clear())  # the job at hand is done to its end
    jobs.take_back(redis)
    while going:
        jobs.take(redis)
        healthy.BEAT.touch()
    return 0


sys.exit(main())
