package project

import (
	"maps"
	"slices"
)

// Secret is one [secrets.NAME] table: where a value comes from that steps ask for by that name.
type Secret struct {
	// Env is the variable of the caller's environment that holds the value. Exactly one of Env and File is set.
	Env string `toml:"env"`
	// File is the path of the file that holds it, relative to the project; "~/" is the user's home.
	File string `toml:"file"`
}

func (p *Project) secretFaults(name string, s Secret) (faults []error) {
	if (s.Env == "") == (s.File == "") {
		faults = append(faults, p.Fault([]string{"secrets", name}, "", "secret %q needs either env, the name of a variable, or file, a path", name))
	}
	return faults
}

// entrusted are the secrets of a target: by the variable, the name of a secret whose value it holds or, as { file = NAME }, of one
// that it holds the path of.
func (t Target) entrusted(name string) (id string, file, ok bool) {
	switch v := t.Secrets[name].(type) {
	case string:
		return v, false, v != ""
	case map[string]any:
		id, text := v["file"].(string)
		return id, true, text && id != "" && len(v) == 1
	}
	return "", false, false
}

// askFaults are the secrets that a target asks for in a wrong way, or that nobody says the place of.
func (p *Project) askFaults(name string, t Target) (faults []error) {
	for _, variable := range slices.Sorted(maps.Keys(t.Secrets)) {
		id, _, ok := t.entrusted(variable)
		_, known := p.Secrets[id]
		key := at(name, "secrets")
		switch {
		case !ok:
			faults = append(faults, p.Fault(key, "", "secrets: wanted %s = \"NAME\" for the value, or { file = \"NAME\" } for the path of a file with it", variable))
		case !known:
			hint := "[secrets." + id + "] with env = \"VARIABLE\" or file = \"PATH\" says where it is"
			faults = append(faults, p.Fault(key, hint, "secrets: there is no secret %q", id))
		}
	}
	return faults
}
