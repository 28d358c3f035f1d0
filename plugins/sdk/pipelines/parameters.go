package pipelines

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// parameters returns how many words behind the name of a recipe of just are its values.
func (t *task) parameters() int {
	if slices.ContainsFunc(t.names, isVariadic) {
		return 1 << 10 // all words
	}
	return len(t.names)
}

func isVariadic(name string) bool { return strings.ContainsAny(name[:1], "*+") }

// withParameters returns the text of a recipe of just with the values of its parameters, or else their defaults.
func (t *task) withParameters(text string, values []string) string {
	for i, name := range t.names {
		plain, value, _ := strings.Cut(strings.TrimLeft(name, "*+$"), "=")
		switch {
		case i < len(values) && isVariadic(name):
			value = strings.Join(values[i:], " ")
		case i < len(values):
			value = values[i]
		}
		if value = strings.Trim(value, `"'`); value != "" {
			text = strings.NewReplacer("{{"+plain+"}}", value, "{{ "+plain+" }}", value).Replace(text)
		}
	}
	return text
}

// addNeeds adds what a recipe of just needs, with values in parentheses: "(run 'go test') && clean".
func (t *task) addNeeds(text string) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		if text[0] != '(' {
			word, rest, _ := strings.Cut(text, " ")
			if text = rest; word != "&&" {
				t.needs, t.values = append(t.needs, word), append(t.values, nil)
			}
			continue
		}
		n := recipes.LengthOfParentheses(text)
		if all := recipes.Commands(".", strings.TrimSuffix(text[1:n], ")")); len(all) > 0 {
			t.needs, t.values = append(t.needs, all[0].Words[0]), append(t.values, all[0].Words[1:])
		}
		text = text[n:]
	}
}

// withValues returns the text of a recipe of make with the variables that the command is called with: "$(CMD)".
func (r *pipelineReader) withValues(tool, text string) string {
	if tool != makeKind.tool || !strings.ContainsAny(text, "({") {
		return text
	}
	for _, pair := range r.env {
		name, value, _ := strings.Cut(pair, "=")
		text = strings.NewReplacer("$("+name+")", value, "${"+name+"}", value).Replace(text)
	}
	return text
}
