package deploy

import (
	"slices"
	"time"
)

// maxBackoff is how long a service waits for its next heal at the most.
const maxBackoff = 5 * time.Minute

// maxHeals is how many heals in a row a service gets.
const maxHeals = 3

// A backoff makes services that are wrong again and again wait longer for each heal.
type backoff struct {
	interval time.Duration
	services map[string]*attempts
}

// attempts are the heals of one service in a row.
type attempts struct {
	times int
	due   time.Time // when the next heal may begin
	rest  time.Time // when the row ends, if nothing is wrong until then
}

func newBackoff(interval time.Duration) *backoff {
	return &backoff{interval: interval, services: map[string]*attempts{}}
}

// healed notes that services were healed, whether it helped or not. Each heal in a row doubles the wait for
// the next.
func (b *backoff) healed(services []string, now time.Time) {
	for _, name := range services {
		a := b.services[name]
		if a == nil {
			a = &attempts{}
			b.services[name] = a
		}
		pause := delay(b.interval, a.times)
		a.times++
		a.due = now.Add(pause)
		a.rest = a.due.Add(2 * max(pause, b.interval))
	}
}

// next returns when a service may be healed again, and how many heals it had in a row.
func (b *backoff) next(service string) (time.Time, int) {
	if a := b.services[service]; a != nil {
		return a.due, a.times
	}
	return time.Time{}, 0
}

// forget ends the rows of services with which nothing has been wrong for long enough.
func (b *backoff) forget(wrong []string, now time.Time) {
	for name, a := range b.services {
		if !slices.Contains(wrong, name) && now.After(a.rest) {
			delete(b.services, name)
		}
	}
}

// delay returns how long to wait after so many heals in a row.
func delay(interval time.Duration, times int) time.Duration {
	if times == 0 {
		return 0
	}
	return min(maxBackoff, interval<<min(times, 10))
}
