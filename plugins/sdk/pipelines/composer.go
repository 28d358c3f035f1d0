package pipelines

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// composerScripts returns the commands of the scripts in the composer.json of a folder, by their names.
func (r *pipelineReader) composerScripts(dir string) map[string][]string {
	return parsedFile(r, path.Join(dir, "composer.json"), func(text string) map[string][]string {
		var manifest struct{ Scripts map[string]any }
		_ = json.Unmarshal([]byte(text), &manifest) // Composer reports a fault
		scripts := map[string][]string{}
		for name, value := range manifest.Scripts {
			if one, ok := value.(string); ok {
				value = []any{one}
			}
			scripts[name] = stringItems(value)
		}
		return scripts
	})
}

// composerFiles returns the composer.json of a folder with its scripts, without those for events such as "post-install-cmd".
func (r *pipelineReader) composerFiles(dir string) []taskFile {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(r.composerScripts(dir))), func(name string) bool {
		return strings.HasPrefix(name, "pre-") || strings.HasPrefix(name, "post-")
	})
	if len(names) == 0 {
		return nil
	}
	return []taskFile{{name: "composer.json", command: "composer run", names: names}}
}

// composerScript adds the commands of the script that a command of Composer names: "composer run test", "composer test".
func (r *pipelineReader) composerScript(c recipes.Command) {
	words := withoutMembers(c.Words[1:])
	if len(words) > 1 && slices.Contains([]string{"run", "run-script"}, words[0]) {
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	lines := r.composerScripts(c.Dir)[words[0]]
	if len(lines) == 0 || !r.once("composer "+c.Dir+" "+words[0]) {
		return
	}
	for _, line := range lines {
		switch name, isOther := strings.CutPrefix(line, "@"); {
		case isOther && (strings.HasPrefix(name, "php ") || strings.HasPrefix(name, "composer ")):
			r.script(c.Dir, name)
		case isOther && name != "" && !strings.HasPrefix(name, "putenv"):
			r.script(c.Dir, "composer run "+name)
		case !isOther && !strings.Contains(line, "::"): // which is a method of PHP
			r.script(c.Dir, line)
		}
	}
}
