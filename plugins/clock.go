package plugins

// clock is the time in a sandbox. The date stands still. The clock that measures moves by a microsecond each time it is
// looked at, and by as much as a plugin wants to sleep, which takes no time: who waits is not kept waiting.
type clock struct{ now int64 }

// fixedTime is a moment in 2001 that is easy to recognise.
const fixedTime = 1_000_000_000

func (c *clock) wall() (seconds int64, nanoseconds int32) { return fixedTime, 0 }

func (c *clock) nano() int64 {
	c.now += 1000
	return c.now
}

func (c *clock) sleep(nanoseconds int64) { c.now += max(nanoseconds, 0) }
