package release

import (
	"encoding/json"
	"regexp"
	"strings"
	"sync"
)

// secretInText matches a reference to a secret in the Compose text of a release: "${DB_PASSWORD__0f…:?…}".
var secretInText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$\{(\w+)__[0-9a-f]{32}:\?` + SecretReference + `\}`)
})

// ConfigTexts returns the texts of the configs of a service, by their paths in its containers. A secret in one is
// "${NAME}".
func (r Release) ConfigTexts(service string) map[string]string {
	var file struct {
		Services map[string]struct {
			Configs []struct{ Source, Target string } `json:"configs"`
		} `json:"services"`
		Configs map[string]struct {
			Content string `json:"content"`
		} `json:"configs"`
	}
	if json.Unmarshal(r.Compose, &file) != nil { // it is read strictly elsewhere
		return nil
	}
	all := map[string]string{}
	for _, c := range file.Services[service].Configs {
		if c.Target == "" {
			c.Target = "/" + c.Source
		}
		text := secretInText().ReplaceAllString(file.Configs[c.Source].Content, "$${$1}")
		all[c.Target] = strings.ReplaceAll(text, "$$", "$")
	}
	return all
}
