package project

import (
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/secret"
	"github.com/davit-dev/davit/plugins/plan"
)

// A Secret is one [secrets.NAME] table: the source of a secret's value.
type Secret struct {
	// Env is the variable of the caller's environment with the value. Exactly one of Env and File is set.
	Env string `toml:"env"`
	// File is the path of the file with the value, relative to the project; "~/" is the user's home.
	File string `toml:"file"`
}

// SecretNames is the table [secret-names].
type SecretNames struct {
	// Add and Not are globs of names of variables and of keys in files, in any case: ["*_SEED"].
	Add []string `toml:"add"`
	Not []string `toml:"not"`
}

// Names returns the names of the project.
func (s SecretNames) Names() secret.Names { return secret.Names{Add: s.Add, Not: s.Not} }

func (p *Project) secretNameFaults() (faults []error) {
	for key, globs := range map[string][]string{"add": p.SecretNames.Add, "not": p.SecretNames.Not} {
		if bad, has := secret.FirstBad(globs); has {
			faults = append(faults, p.Fault([]string{"secret-names", key}, `["*_SEED"]`,
				"%q in %s is no name or glob of one", bad, key))
		}
	}
	return faults
}

func (p *Project) secretFaults(name string, s Secret) (faults []error) {
	if (s.Env == "") == (s.File == "") {
		faults = append(faults, p.Fault([]string{"secrets", name}, "",
			"secret %q needs either env, the name of a variable, or file, a path", name))
	}
	if s.Env != "" && !plan.ValidVariable(s.Env) {
		faults = append(faults, p.Fault([]string{"secrets", name, "env"}, variableHint, "%q is not the name of a variable", s.Env))
	}
	return faults
}

// variableHint is the form of the name of a variable.
const variableHint = "letters, digits and _, and no digit first"

// secretRef returns the secret that a variable of a target refers to: by its value NAME or, for the path of a
// file with the value, by { file = NAME }.
func (t Target) secretRef(name string) (id string, file, ok bool) {
	switch v := t.Secrets[name].(type) {
	case string:
		return v, false, v != ""
	case map[string]any:
		id, text := v["file"].(string)
		return id, true, text && id != "" && len(v) == 1
	}
	return "", false, false
}

// secretUseFaults returns the faults of a target's use of secrets: an invalid reference, or an undefined
// secret.
func (p *Project) secretUseFaults(name string, t Target) (faults []error) {
	for _, variable := range slices.Sorted(maps.Keys(t.Secrets)) {
		id, _, ok := t.secretRef(variable)
		_, known := p.Secrets[id]
		key := at(name, "secrets")
		switch {
		case !ok:
			faults = append(faults, p.Fault(key, "",
				"secrets: wanted %s = \"NAME\" for the value, or { file = \"NAME\" } for the path of a file with it",
				variable))
		case !known:
			hint := "[secrets." + id + "] with env = \"VARIABLE\" or file = \"PATH\" says where it is"
			faults = append(faults, p.Fault(key, hint, "secrets: there is no secret %q", id))
		}
	}
	return faults
}
