"""tides LOW HIGH HOURS prints the height of the water."""

import sys

from tides import height


def main():
    if len(sys.argv) != 4:
        print("usage: tides LOW HIGH HOURS", file=sys.stderr)
        return 2
    print(f"{height(*map(float, sys.argv[1:])):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
