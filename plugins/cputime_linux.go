package plugins

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// startTimer ties the calling goroutine to its thread until stop is called, and returns how much processor
// time the thread has had since. That may be asked from any goroutine.
func startTimer() (used func() time.Duration, stop func()) {
	runtime.LockOSThread()
	clock := threadClock(unix.Gettid())
	begin := now(clock)
	return func() time.Duration { return now(clock) - begin }, runtime.UnlockOSThread
}

// threadClock returns the clock of the processor time of a thread, as pthread_getcpuclockid makes it.
func threadClock(tid int) int32 {
	const perThread, scheduler = 4, 2
	return int32(^tid)<<3 | perThread | scheduler
}

func now(clock int32) time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(clock, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
