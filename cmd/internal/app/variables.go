package app

import (
	"bytes"
	"regexp"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/regular"
)

// SecretVariables returns the secrets of the project as variables of Compose files. A secret in a variable
// has the name of that, and one in a file has its own name as variables are written: [secrets.db-password] is
// DB_PASSWORD. One that does not exist has an empty value: it is refused where the Compose files use it.
func (p *Project) SecretVariables() map[string]string {
	values := map[string]string{}
	for name, from := range p.Config.Secrets {
		if from.Env != "" {
			values[from.Env] = p.env(from.Env)
			continue
		}
		value, _ := regular.Read(secretReader{p}.secretFile(from.File), regular.Config)
		values[strings.Trim(variable(name), "_")] = string(bytes.TrimRight(value, "\r\n"))
	}
	return values
}

var notInVariable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^A-Z0-9]+`) })

// variable returns a name as variables are written.
func variable(name string) string {
	return notInVariable().ReplaceAllString(strings.ToUpper(name), "_")
}
