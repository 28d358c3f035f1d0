//go:build !linux

package plugins

import (
	"sync"
	"time"
)

// These systems tell the processor time of another thread only by way of C. So each guest is charged an equal
// share of what the process uses while guests run. It has no influence on it how busy the machine is.
var shares struct {
	sync.Mutex
	guests int
	last   time.Duration // of the process, when charged last
	charge time.Duration // to each guest since the start of davit, if it had run all the time
}

// settle charges the guests that run with what the process has used since the last call.
func settle() {
	total := processTime()
	if shares.guests > 0 {
		shares.charge += (total - shares.last) / time.Duration(shares.guests)
	}
	shares.last = total
}

// startTimer returns how much processor time the calling goroutine has had since, until stop is called.
func startTimer() (used func() time.Duration, stop func()) {
	shares.Lock()
	defer shares.Unlock()
	settle()
	shares.guests++
	begin := shares.charge
	used = func() time.Duration {
		shares.Lock()
		defer shares.Unlock()
		settle()
		return shares.charge - begin
	}
	return used, func() {
		shares.Lock()
		defer shares.Unlock()
		settle()
		shares.guests--
	}
}
