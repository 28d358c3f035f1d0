package app

import (
	"bytes"
	"os"
	"strings"
)

// secretVariables are the secrets of the project as variables of Compose files: one that is in a variable has that name, and one that
// is in a file its own, as variables are written: [secrets.db-password] is DB_PASSWORD. One that is not there is not said; the Compose
// file says whether it can do without.
func (p *Project) secretVariables() map[string]string {
	values := map[string]string{}
	for name, from := range p.Config.Secrets {
		if value := p.env(from.Env); from.Env != "" && value != "" {
			values[from.Env] = value
		}
		if from.File == "" {
			continue
		}
		if value, err := os.ReadFile(p.secretFile(from.File)); err == nil {
			values[strings.Trim(variable(name), "_")] = string(bytes.TrimRight(value, "\r\n"))
		}
	}
	return values
}
