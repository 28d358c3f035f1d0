package compose

import (
	"sync"

	"github.com/davit-dev/davit/internal/secret"
)

// Values remember the values of secrets that an environment was seen to have, by their references. So a value is
// still known when the container is gone that had it. They are safe for concurrent use.
type Values struct {
	mu    sync.Mutex
	all   map[string]string
	learn func(value string)
	clear map[string]bool // values that a container has in clear
}

// Learn has a function get the values that are to be hidden where davit prints, as they are seen.
func (v *Values) Learn(learn func(value string)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.learn = learn
}

// SeeIn passes on the values in containers of an environment that are named like secrets, but for those that one of them,
// or one that was seen before, has in clear: the password of an address may be the name of a service.
func (v *Values) SeeIn(names secret.Names, all []Container) {
	v.mu.Lock()
	if v.clear == nil {
		v.clear = map[string]bool{}
	}
	for _, one := range all {
		for _, value := range one.clearValues() {
			v.clear[value] = true
		}
	}
	v.mu.Unlock()
	for _, one := range all {
		v.See(one.Secrets(names)...)
	}
}

// See passes on values that are to be hidden. Empty ones are none, nor are those that a container has in clear.
func (v *Values) See(values ...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, value := range values {
		if value != "" && !v.clear[value] && v.learn != nil {
			v.learn(value)
		}
	}
}

func (v *Values) remember(ref, value string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.all == nil {
		v.all = map[string]string{}
	}
	v.all[ref] = value
}

func (v *Values) get(ref string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.all[ref]
}

// only returns the value with a name, if there is one alone.
func (v *Values) only(name string) (only string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for ref, value := range v.all {
		if of, _ := split(ref); of == name && value != only {
			if only != "" {
				return ""
			}
			only = value
		}
	}
	return only
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
