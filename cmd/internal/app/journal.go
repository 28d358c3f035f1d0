package app

import (
	"bytes"
	"encoding/json"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/ui"
)

// maxJournaled is how many bytes of the output of each step a journal keeps.
const maxJournaled = 256 << 10

// A journal is what happens in a run, for davit report: one JSON object for each event, in a file of the store. There is one
// for each checkout, that of its last run.
type journal struct {
	file string // "" where nothing is stored
	now  func() time.Time

	mu    sync.Mutex
	lines bytes.Buffer
	said  map[string]int // bytes of output, by step
}

// A journalLine is one event. The first line has the steps of the run.
type journalLine struct {
	Time   time.Time  `json:"time"`
	Forced bool       `json:"forced,omitempty"`
	Plan   []PastStep `json:"plan,omitempty"`
	ui.Event
}

func (p *Project) journalFile(s *cache.Store) string { return s.File("runs", p.Key()) }

// journal returns the journal of a run whose steps have their places.
func (p *Project) journal(s *cache.Store, job *Job, r Request) *journal {
	j := &journal{file: p.journalFile(s), now: p.Streams.Now, said: map[string]int{}}
	first := journalLine{Forced: r.Force}
	for _, step := range job.Graph.Steps() {
		first.Plan = append(first.Plan, PastStep{ID: step.ID, Command: step.Command(), Where: step.Where, WhereReason: step.Reason,
			Image: Image(step), After: Before(step)})
	}
	j.add(first)
	return j
}

// hear passes events on, and writes down those that a report shows.
func (j *journal) hear(emit func(ui.Event)) func(ui.Event) {
	return func(e ui.Event) {
		if e.Type != ui.EventMask && e.Type != ui.EventProgress {
			j.add(journalLine{Event: e})
		}
		emit(e)
	}
}

func (j *journal) add(line journalLine) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.said[line.Step] += len(line.Text); j.file == "" || line.Type == ui.EventOutput && j.said[line.Step] > maxJournaled {
		return
	}
	line.Time = j.now()
	text, _ := json.Marshal(line) // cannot fail
	j.lines.Write(append(text, '\n'))
}

// store replaces the journal of the run before. Without it there is no report, that is all.
func (j *journal) store() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file != "" {
		_ = atomicfile.Write(j.file, j.lines.Bytes(), 0o600)
	}
}
