"""Jobs in Redis. A job is in one of two lists until its receipt is written, so a worker that dies loses none."""

import json

from . import receipt

WAITING, TAKEN = "jobs", "jobs:taken"


def take(redis, timeout=1):
    """Takes the oldest job and does it. Returns its number, or None if there is none for so many seconds."""
    job = redis.blmove(WAITING, TAKEN, timeout, "RIGHT", "LEFT")
    if job is None:
        return None
    number = do(redis, job)
    redis.lrem(TAKEN, 1, job)
    return number


def do(redis, job):
    """Writes the receipt. What is no order is reported and not tried again."""
    try:
        order = json.loads(job)
        redis.set(f"receipt:{order['id']}", receipt.write(order))
    except (ValueError, KeyError, TypeError) as error:
        print(f"{job!r} is no order: {error!r}")
        return None
    print(f"receipt {order['id']}")
    return order["id"]


def take_back(redis):
    """Puts jobs that were taken and never done back, at the front. A receipt that is written twice says the same."""
    while redis.lmove(TAKEN, WAITING, "LEFT", "RIGHT") is not None:
        pass
