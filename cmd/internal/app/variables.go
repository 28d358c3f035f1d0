package app

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"sync"
)

// SecretVariables returns the secrets of the project as variables of Compose files. A secret in a variable
// has the name of that, and one in a file has its own name as variables are written: [secrets.db-password] is
// DB_PASSWORD. One that does not exist is left out; the Compose file says whether it is required.
func (p *Project) SecretVariables() map[string]string {
	values := map[string]string{}
	for name, from := range p.Config.Secrets {
		if value := p.env(from.Env); from.Env != "" && value != "" {
			values[from.Env] = value
		}
		if from.File == "" {
			continue
		}
		if value, err := os.ReadFile(secretReader{p}.secretFile(from.File)); err == nil {
			values[strings.Trim(variable(name), "_")] = string(bytes.TrimRight(value, "\r\n"))
		}
	}
	return values
}

var notInVariable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^A-Z0-9]+`) })

// variable returns a name as variables are written.
func variable(name string) string {
	return notInVariable().ReplaceAllString(strings.ToUpper(name), "_")
}
