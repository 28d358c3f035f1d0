package compose

import (
	"maps"
	"slices"
	"sync"
)

// Values remember the values of secrets that an environment was seen to have, by their references. So a value is
// still known when the container is gone that had it. They are safe for concurrent use.
type Values struct {
	mu    sync.Mutex
	all   map[string]string
	learn func(value string)
}

// Learn has a function get each value, those known before too.
func (v *Values) Learn(learn func(value string)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.learn = learn
	for _, ref := range slices.Sorted(maps.Keys(v.all)) {
		learn(v.all[ref])
	}
}

// See passes on values that no reference is known of. Empty ones are none.
func (v *Values) See(values ...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, value := range values {
		if value != "" && v.learn != nil {
			v.learn(value)
		}
	}
}

func (v *Values) remember(ref, value string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, known := v.all[ref]; known {
		return
	}
	if v.all == nil {
		v.all = map[string]string{}
	}
	if v.all[ref] = value; v.learn != nil {
		v.learn(value)
	}
}

func (v *Values) get(ref string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.all[ref]
}

// missing returns which references have no known value.
func (v *Values) missing(refs []string) (missing []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, ref := range refs {
		if _, known := v.all[ref]; !known {
			missing = append(missing, ref)
		}
	}
	return missing
}
