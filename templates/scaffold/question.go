package scaffold

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/suggest"
)

// The types of questions.
const (
	word    = "text"
	boolean = "bool"
	number  = "number"
	choice  = "choice"
)

// A Question is asked before a template is rendered.
type Question struct {
	// Name is that of the answer: {{name}}.
	Name string `toml:"name" json:"name"`
	// Ask is what is asked: "Name of the module".
	Ask string `toml:"ask" json:"ask"`
	// Type is text (the default), bool, number or choice.
	Type string `toml:"type" json:"type" jsonschema:"enum=text,enum=bool,enum=number,enum=choice"`
	// Default is rendered with the answers before it, and with {{dir}}, the name of the folder.
	Default string `toml:"default" json:"default"`
	// Choices are those of a choice.
	Choices []string `toml:"choices" json:"choices,omitempty"`
	// Pattern is a regular expression that all of a text matches.
	Pattern string `toml:"pattern" json:"pattern,omitempty"`
	// Not are the words that neither a text nor a part of it between dots and slashes may be: keywords of a language.
	Not []string `toml:"not" json:"not,omitempty"`
	// Min and Max are the least and the greatest number.
	Min *int `toml:"min" json:"min,omitempty"`
	Max *int `toml:"max" json:"max,omitempty"`
}

// Answers are the values of questions by name, each in the one form that its type has.
type Answers map[string]string

var questionName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_]*$`) })

// check returns what is wrong with a question of a template.
func (q Question) check() error {
	if !questionName().MatchString(q.Name) || q.Name == folderName {
		return fmt.Errorf("%q is no name of a question: lower case letters, digits and _", q.Name)
	}
	if strings.TrimSpace(q.Ask) == "" {
		return fmt.Errorf("question %q has no ask", q.Name)
	}
	if !slices.Contains([]string{word, boolean, number, choice}, q.Type) {
		return fmt.Errorf("question %q has the type %q, wanted text, bool, number or choice", q.Name, q.Type)
	}
	if (q.Type == choice) != (len(q.Choices) > 0) {
		return fmt.Errorf("question %q: choices are for the type choice, which has some", q.Name)
	}
	if _, err := regexp.Compile(q.Pattern); err != nil {
		return fmt.Errorf("question %q: pattern %q is no regular expression", q.Name, q.Pattern)
	}
	return q.checkLimits()
}

// checkLimits returns an error about limits that are not for the type of a question, or that no answer keeps.
func (q Question) checkLimits() error {
	switch {
	case len(q.Not) > 0 && q.Type != word:
		return fmt.Errorf("question %q: not is for the type text", q.Name)
	case (q.Min != nil || q.Max != nil) && q.Type != number:
		return fmt.Errorf("question %q: min and max are for the type number", q.Name)
	case q.Min != nil && q.Max != nil && *q.Min > *q.Max:
		return fmt.Errorf("question %q: min is %d, which is above max, %d", q.Name, *q.Min, *q.Max)
	}
	return nil
}

// Parse returns an answer in the form that its type has.
func (q Question) Parse(answer string) (string, error) {
	answer = strings.TrimSpace(answer)
	switch q.Type {
	case boolean:
		switch strings.ToLower(answer) {
		case "true", "yes", "y":
			return "true", nil
		case "false", "no", "n":
			return "false", nil
		}
		return "", q.wrong(answer, "yes or no")
	case number:
		return q.parseNumber(answer)
	case choice:
		if !slices.Contains(q.Choices, answer) {
			return "", q.wrong(answer, "one of "+strings.Join(q.Choices, ", "))
		}
		return answer, nil
	}
	return q.parseText(answer)
}

func (q Question) parseNumber(answer string) (string, error) {
	n, err := strconv.Atoi(answer)
	if err != nil || q.Min != nil && n < *q.Min || q.Max != nil && n > *q.Max {
		return "", q.wrong(answer, q.numbers())
	}
	return strconv.Itoa(n), nil
}

// numbers says which numbers answer a question.
func (q Question) numbers() string {
	switch {
	case q.Min != nil && q.Max != nil:
		return fmt.Sprintf("a number from %d to %d", *q.Min, *q.Max)
	case q.Min != nil:
		return fmt.Sprintf("a number from %d", *q.Min)
	case q.Max != nil:
		return fmt.Sprintf("a number up to %d", *q.Max)
	}
	return "a number"
}

func (q Question) parseText(answer string) (string, error) {
	if i := strings.IndexFunc(answer, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
		return "", q.wrong(answer, "one line of text")
	}
	if q.Pattern != "" && !regexp.MustCompile(`^(?:`+q.Pattern+`)$`).MatchString(answer) {
		return "", q.wrong(answer, "what matches "+q.Pattern)
	}
	for _, part := range strings.FieldsFunc(answer, func(r rune) bool { return r == '.' || r == '/' }) {
		if slices.Contains(q.Not, part) {
			return "", q.wrong(answer, fmt.Sprintf("one without the reserved word %q", part))
		}
	}
	return answer, nil
}

// wrong returns the error about an answer.
func (q Question) wrong(answer, wanted string) error {
	return fault.Preconditionf(fmt.Sprintf("--set %s=VALUE answers %q", q.Name, q.Ask), "%s is %q, wanted %s", q.Name, answer, wanted)
}

// An Asker returns the answer to a question, for which given is used if there is none.
type Asker func(q Question, given string) (string, error)

// Answer returns the answer to each question: that of set, else what ask returns for the default. The folder is where the
// project will be.
func (t *Template) Answer(folder string, set map[string]string, ask Asker) (Answers, error) {
	if err := t.checkNames(set); err != nil {
		return nil, err
	}
	answers := Answers{}
	for _, q := range t.Questions {
		value, err := t.answer(q, folder, answers, set, ask)
		if err != nil {
			return nil, err
		}
		answers[q.Name] = value
	}
	return answers, nil
}

// answer returns the answer to one question.
func (t *Template) answer(q Question, folder string, before Answers, set map[string]string, ask Asker) (string, error) {
	if value, ok := set[q.Name]; ok {
		return q.Parse(value)
	}
	given, err := render(q.Default, before, folder)
	if err != nil {
		return "", fault.Preconditionf("", "template %q: the default of %s: %v", t.Name, q.Name, err)
	}
	value, err := ask(q, given)
	if err != nil {
		return "", err
	}
	return q.Parse(value)
}

// checkNames returns an error about an answer to no question.
func (t *Template) checkNames(set map[string]string) error {
	var names []string
	for _, q := range t.Questions {
		names = append(names, q.Name)
	}
	for name := range set {
		if !slices.Contains(names, name) {
			hint := fmt.Sprintf("davit new %s lists its questions", t.Name)
			if near := suggest.Nearest(name, names); len(near) > 0 {
				hint = fmt.Sprintf("did you mean %s?", suggest.Quoted(near))
			}
			return fault.Preconditionf(hint, "template %q does not ask for %q", t.Name, name)
		}
	}
	return nil
}

// TakeDefaults is an Asker that asks nobody.
func TakeDefaults(_ Question, given string) (string, error) { return given, nil }

// Prompt returns what is asked, with what may be answered.
func (q Question) Prompt() string {
	switch q.Type {
	case boolean:
		return q.Ask + " (yes or no)"
	case choice:
		return q.Ask + " (" + strings.Join(q.Choices, ", ") + ")"
	}
	return q.Ask
}
