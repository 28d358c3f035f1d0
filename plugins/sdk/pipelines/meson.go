package pipelines

import (
	"path"
	"slices"
	"strings"
)

// mesonOption matches an option of Meson with what is said of it.
var mesonOption = compiled(`(?s)\boption\(\s*'([^']+)'(.*?)\)`)

// optionsOfMeson returns the options of the project that a command of Meson turns on and that are off by default, as
// "-Dslow=true", and the checks of compilers by "-Db_sanitize=address".
func (r *pipelineReader) optionsOfMeson(words []string) (set []string) {
	if path.Base(words[0]) != "meson" || slices.Contains(words, "install") {
		return nil
	}
	text, ok := r.files.Read("meson.options")
	if !ok {
		text, _ = r.files.Read("meson_options.txt")
	}
	for _, v := range definedIn(words) {
		name, value, _ := strings.Cut(v, "=")
		turnsOn := slices.Contains([]string{"true", "enabled"}, value) && mesonHasOff(text, name) && !notOfChecks().MatchString(strings.ToUpper(name))
		if turnsOn || name == "b_sanitize" && value != "none" {
			set = append(set, "-D"+v)
		}
	}
	slices.Sort(set)
	return set
}

// mesonHasOff reports whether a file has an option of Meson that is off by default.
func mesonHasOff(text, name string) bool {
	for _, found := range mesonOption().FindAllStringSubmatch(text, -1) {
		if found[1] == name {
			spaceless := strings.ReplaceAll(found[2], " ", "")
			return strings.Contains(spaceless, "value:false") || strings.Contains(spaceless, "value:'disabled'")
		}
	}
	return false
}
