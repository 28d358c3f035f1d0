package app

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// sourcesOfPrograms are the ends of the names of files that read variables as programs do.
var sourcesOfPrograms = strings.Fields(".go .rs .py .js .cjs .mjs .jsx .ts .cts .mts .tsx .rb .php .java .kt .scala .cs .ex .exs .c .cc .cpp .swift .vue .svelte")

// withOwnVariables returns commands of pipelines with those variables of their jobs among their own that a source of the
// project reads: that of another name may be for the machine, or for a tool.
func (d *done) withOwnVariables(calls []pipelines.Call) []pipelines.Call {
	read := d.variablesRead(jobVariables(calls))
	if len(read) == 0 {
		return calls
	}
	calls = slices.Clone(calls)
	for i, c := range calls {
		var others, own []string
		for _, v := range c.Env[:len(c.Env)-c.Own] {
			if name, _, _ := strings.Cut(v, "="); read[name] {
				own = append(own, v)
			} else {
				others = append(others, v)
			}
		}
		calls[i].Env, calls[i].Own = slices.Concat(others, own, c.Env[len(c.Env)-c.Own:]), c.Own+len(own)
	}
	return calls
}

// jobVariables returns the names of the variables of jobs that may decide what the commands of pipelines test.
func jobVariables(calls []pipelines.Call) map[string]bool {
	names := map[string]bool{}
	for _, c := range calls {
		for _, v := range c.Env[:len(c.Env)-c.Own] {
			name, value, _ := strings.Cut(v, "=")
			if pipelines.Decides(name, true) && !pipelines.Decides(name, false) && value != "" && !strings.Contains(value, "$") {
				names[name] = true
			}
		}
	}
	return names
}

// variablesRead returns those of some variables that sources of the project read.
func (d *done) variablesRead(names map[string]bool) map[string]bool {
	read := map[string]bool{}
	if len(names) == 0 {
		return read
	}
	d.inSources(sourcesOfPrograms, func(text string) bool {
		for name := range names {
			if !read[name] && readsVariable(text, name) {
				read[name] = true
			}
		}
		return len(read) == len(names)
	})
	return read
}

// readsVariable reports whether a program reads a variable: os.Getenv("NAME"), process.env.NAME.
func readsVariable(text, name string) bool {
	for {
		before, after, found := strings.Cut(text, name)
		if !found {
			return false
		}
		quoted := strings.ContainsAny(lastByte(before), "\"'`") && strings.ContainsAny(after[:min(1, len(after))], "\"'`")
		if text = after; quoted || strings.HasSuffix(before, "env.") && !isWordByte(after) {
			return true
		}
	}
}

func lastByte(text string) string { return text[max(0, len(text)-1):] }

// isWordByte reports whether a text goes on with a name.
func isWordByte(text string) bool {
	return text != "" && (text[0] == '_' || text[0] >= '0' && text[0] <= '9' || text[0] >= 'A' && text[0] <= 'Z' || text[0] >= 'a' && text[0] <= 'z')
}
