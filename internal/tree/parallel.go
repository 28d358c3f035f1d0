package tree

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// chunk is how many files one goroutine takes at a time: a few files are not worth a second goroutine.
const chunk = 64

// parallel calls do for 0 to n-1, on all cores if that is worth it.
func parallel(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), (n+chunk-1)/chunk)
	var next atomic.Int64
	work := func() {
		for {
			from := int(next.Add(chunk)) - chunk
			if from >= n {
				return
			}
			for i := from; i < min(from+chunk, n); i++ {
				do(i)
			}
		}
	}
	var wg sync.WaitGroup
	for range workers - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}
