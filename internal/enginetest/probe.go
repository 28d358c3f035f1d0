package enginetest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// ProbeInterval is the time between two requests of a Probe.
const ProbeInterval = 20 * time.Millisecond

// A Probe sends requests to an address of this machine, each over a connection of its own, until it is stopped.
type Probe struct {
	url     string
	stop    chan struct{}
	asking  sync.WaitGroup
	mu      sync.Mutex
	answers Answers
}

// Answers are what a Probe got.
type Answers struct {
	// Asked and Failed count requests. A request fails without an answer of status 200 within 20 seconds.
	Asked, Failed int
	// Said counts the bodies of good answers and the reasons of failures.
	Said  map[string]int
	times []time.Time // of good answers
}

// StartProbe starts to send requests. It ends with the test at the latest.
func StartProbe(t testing.TB, url string) *Probe {
	t.Helper()
	p := &Probe{url: url, stop: make(chan struct{}), answers: Answers{Said: map[string]int{}}}
	t.Cleanup(func() { p.Stop() })
	p.asking.Go(func() {
		for tick := time.NewTicker(ProbeInterval); ; {
			select {
			case <-p.stop:
				tick.Stop()
				return
			case <-tick.C:
				p.asking.Go(p.ask)
			}
		}
	})
	return p
}

func (p *Probe) ask() {
	said, err := Get(p.url)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers.Add(time.Now(), said, err)
}

// Add adds an answer, or the reason why there is none.
func (a *Answers) Add(at time.Time, said string, err error) {
	a.Asked++
	if err != nil {
		a.Failed++
		a.Said[err.Error()]++
		return
	}
	a.Said[said]++
	a.times = append(a.times, at)
}

// Get sends one request over a connection of its own and returns the body of the answer. An answer of another
// status than 200 is an error.
func Get(url string) (string, error) {
	c := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true, DialContext: (&net.Dialer{Timeout: 20 * time.Second}).DialContext}}
	r, err := c.Get(url)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", r.StatusCode)
	}
	return strings.TrimSpace(string(body)), err
}

// Stop waits for the answers to what was asked, and returns all.
func (p *Probe) Stop() Answers {
	select {
	case <-p.stop:
	default:
		close(p.stop)
	}
	p.asking.Wait()
	return p.answers
}

// Gap returns the longest time without a good answer.
func (a Answers) Gap() (longest time.Duration) {
	slices.SortFunc(a.times, time.Time.Compare)
	for i := range a.times[min(1, len(a.times)):] {
		longest = max(longest, a.times[i+1].Sub(a.times[i]))
	}
	return longest
}
