package plugins

// A clock is the time in a sandbox. The wall clock stands still. The monotonic clock advances by a
// microsecond whenever it is read, and by the whole duration when a plugin sleeps, so sleeping takes no time.
type clock struct{ now int64 }

// fixedTime is a moment in 2001 that is easy to recognise, in seconds of Unix time.
const fixedTime = 1_000_000_000

func (c *clock) wall() (seconds int64, nanoseconds int32) { return fixedTime, 0 }

func (c *clock) nano() int64 {
	c.now += 1000
	return c.now
}

func (c *clock) sleep(nanoseconds int64) { c.now += max(nanoseconds, 0) }
