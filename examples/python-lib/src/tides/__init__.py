"""The rule of twelfths: how high the water stands between low and high tide."""

TWELFTHS = (0, 1, 3, 6, 9, 11, 12)


def height(low, high, hours):
    """Return the height of the water, in the unit of low and high, some hours after low tide.

    Low and high tide are taken to be six hours apart. Hours outside of 0 to 6 are a ValueError.
    """
    if not 0 <= hours <= 6:
        raise ValueError(f"hours is {hours}, wanted 0 to 6")
    full = min(int(hours), 5)
    before, after = TWELFTHS[full], TWELFTHS[full + 1]
    return low + (high - low) * (before + (after - before) * (hours - full)) / 12
