package templates

import (
	"strings"
	"unicode"
)

// An Onboarding is what a new colleague needs to know of a project.
type Onboarding struct {
	Name string `json:"name"`
	// Stacks is a line for each provider: "Go module example.com/shop (go 1.26)".
	Stacks []string `json:"stacks,omitempty"`
	// Tools are those that the project's steps need: "go >=1.26".
	Tools []string `json:"tools,omitempty"`
	// Targets are those that the project offers.
	Targets []Typed `json:"targets"`
	// Services are those that tests start.
	Services []string `json:"services,omitempty"`
	// Environments are in the order of promotion.
	Environments []string `json:"environments,omitempty"`
	// OwnersFile is the file that Owners come from.
	OwnersFile string  `json:"owners_file,omitempty"`
	Owners     []Owner `json:"owners,omitempty"`
}

// A Typed is what is typed behind davit, and what it does.
type Typed struct {
	Command string `json:"command"`
	Summary string `json:"summary,omitempty"`
}

// An Owner is a line of CODEOWNERS: who is asked about which files.
type Owner struct {
	Pattern string `json:"pattern"`
	Names   string `json:"names"`
}

// The marks between which davit writes the page into a file.
const (
	onboardingBegins = "<!-- davit onboard writes this, up to the next mark -->"
	onboardingEnds   = "<!-- end of davit onboard -->"
)

// Onboard returns the page for a new colleague, in Markdown.
func Onboard(o Onboarding) string { return render("onboarding.md", o) }

// WithOnboarding returns a file with the page between its marks, which come last if they are not there.
func WithOnboarding(file, page string) string {
	page = onboardingBegins + "\n" + page + onboardingEnds + "\n"
	before, rest, begins := strings.Cut(file, onboardingBegins)
	_, after, ends := strings.Cut(rest, onboardingEnds)
	switch {
	case begins && ends:
		return before + page + strings.TrimPrefix(after, "\n")
	case file == "":
		return page
	}
	return strings.TrimRight(file, "\n") + "\n\n" + page
}

// markdownText returns somebody's text as one line of Markdown that is nothing but text.
func markdownText(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", "|", `\|`, "[", `\[`, "`", "\\`", "*", `\*`).Replace(s)
}

// markdownCode returns somebody's text for a code span in a table.
func markdownCode(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	return strings.NewReplacer("|", `\|`, "`", "'").Replace(s)
}
