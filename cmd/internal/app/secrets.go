package app

import (
	"bytes"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// A secretReader reads the secrets that project.toml names.
type secretReader struct{ *Project }

// secrets reads the values that the steps of a job ask for, and no others. A secret of a Dockerfile may be
// missing.
func (r secretReader) secrets(job *Job) (map[string][]byte, error) {
	values := map[string][]byte{}
	for _, s := range job.Graph.Steps() {
		for _, asked := range s.Plan.Secrets {
			if _, known := values[asked.ID]; known {
				continue
			}
			value, err := r.valueFor(s, asked)
			switch {
			case err == nil:
				values[asked.ID] = job.trimSecret(asked.ID, value)
			case s.Plan.Op != plan.OpImage:
				return nil, err
			}
		}
	}
	return values, nil
}

// valueFor returns the value of a secret of a step: that of a file of variables, or of [secrets].
func (r secretReader) valueFor(s runner.Step, asked plan.Secret) ([]byte, error) {
	if value, ok := s.Variables[asked.Env]; ok {
		return []byte(value), nil
	}
	return r.secret(s, asked.ID)
}

// trimSecret returns a value without the newline at its end, which editors add, if only variables get it. A
// file gets it as it is.
func (j *Job) trimSecret(id string, value []byte) []byte {
	for _, s := range j.Graph.Steps() {
		for _, asked := range s.Plan.Secrets {
			if asked.ID == id && (asked.Env == "" || needsEngine(s)) {
				return value
			}
		}
	}
	return bytes.TrimRight(value, "\r\n")
}

// secret reads one value. An empty one counts as missing: CI systems pass that to runs that they do not
// trust.
func (r secretReader) secret(s runner.Step, id string) (value []byte, err error) {
	from, ok := r.Config.Secrets[id]
	switch {
	case !ok:
		return nil, usage("[secrets."+id+
			"] with env = \"VARIABLE\" or file = \"PATH\" in project.toml says where it is",
			"step %q needs the secret %q, and project.toml does not say where that is", s.ID, id)
	case from.Env != "":
		if value = []byte(r.env(from.Env)); len(value) == 0 {
			return nil, usage("export "+from.Env+"=…",
				"step %q needs the secret %q, and the variable %s is not set", s.ID, id, from.Env)
		}
		return value, nil
	}
	file := r.secretFile(from.File)
	if value, err = regular.Read(file, regular.Config); err != nil {
		return nil, usage("write the value into "+file,
			"step %q needs the secret %q, and %s cannot be read: %s", s.ID, id, file, regular.Reason(err))
	}
	if len(value) == 0 {
		return nil, usage("write the value into "+file, "step %q needs the secret %q, and %s is empty", s.ID,
			id, file)
	}
	return value, nil
}

func (r secretReader) secretFile(name string) string {
	if below, ok := strings.CutPrefix(name, "~/"); ok {
		home := r.env("HOME")
		if home == "" {
			home = r.env("USERPROFILE")
		}
		return filepath.Join(home, filepath.FromSlash(below))
	}
	if name = filepath.FromSlash(name); filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(r.Root.Dir, name)
}
