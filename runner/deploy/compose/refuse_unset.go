package compose

import (
	"regexp"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
)

// refuseUnset refuses files that use a declared secret that is not set, or empty: those of project.toml, by their
// variables.
func (s *source) refuseUnset(p *types.Project) error {
	if s.fromRelease || s.partial {
		return nil
	}
	for _, name := range sorted(s.secrets) {
		if p.Environment[name] == "" && s.uses(p, name) {
			return s.unsetError(name)
		}
	}
	return nil
}

// uses reports whether the files use a variable: in a text, or passed on to a service by its name.
func (s *source) uses(p *types.Project, name string) bool {
	if s.used[name] {
		return true
	}
	return slices.ContainsFunc(p.ServiceNames(), func(service string) bool {
		one := p.Services[service]
		value, passed := one.Environment[name]
		return passed && value == nil || slices.ContainsFunc(one.EnvFiles, func(f types.EnvFile) bool { return refersTo(f.Path, name) })
	})
}

// refersTo reports whether a file of variables takes the value of another one: "X=${NAME}".
func refersTo(file, name string) bool {
	text, err := regular.Read(file, regular.Config)
	return err == nil && regexp.MustCompile(`(^|[^\\])\$(\{`+name+`\b|`+name+`\b)`).Match(text)
}

func (s *source) unsetError(name string) error {
	hint := "export " + name + "=…, or write it into .env"
	if file := s.env.SecretFiles[name]; file != "" {
		hint = "write the value into " + file
	}
	return fault.Refusef(hint,
		"environment %s needs the secret %s, which is not set or is empty; nothing was changed", s.env.Name, name)
}
