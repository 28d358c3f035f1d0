package templates

import (
	"fmt"
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
func Onboard(o Onboarding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## Working on %s\n\n", markdownText(o.Name))
	for _, stack := range o.Stacks {
		fmt.Fprintf(&b, "- %s\n", markdownText(stack))
	}
	o.addTools(&b)
	o.addTargets(&b)
	if len(o.Services) > 0 {
		fmt.Fprintf(&b, "\nTests start these services by themselves, from the Compose file: %s.\n", markdownTexts(o.Services, ", "))
	}
	if len(o.Environments) > 0 {
		fmt.Fprintf(&b, onboardingEnvironments, markdownTexts(o.Environments, ", then "))
	}
	o.addOwners(&b)
	return b.String()
}

func (o Onboarding) addTools(b *strings.Builder) {
	if len(o.Tools) > 0 {
		fmt.Fprintf(b, "\nYou need %s. `davit doctor` says what of it is here, and what to do about the rest.\n",
			markdownTexts(o.Tools, ", "))
	}
}

func (o Onboarding) addTargets(b *strings.Builder) {
	if len(o.Targets) == 0 {
		return
	}
	b.WriteString("\n| type | to |\n| --- | --- |\n")
	for _, t := range o.Targets {
		fmt.Fprintf(b, "| `davit %s` | %s |\n", markdownCode(t.Command), markdownText(t.Summary))
	}
	b.WriteString("\n`davit targets` lists them all, `davit explain TARGET` says what one runs and why, " +
		"`davit TARGET --dry-run` shows it without running it.\n")
}

const onboardingEnvironments = `
It goes through these environments: %s. ` + "`davit env`" + ` shows what runs in each,
` + "`davit plan ENV` what a deploy would change, `davit deploy ENV` changes it, and `davit rollback ENV`" + ` takes it back.
`

func (o Onboarding) addOwners(b *strings.Builder) {
	if len(o.Owners) > 0 {
		fmt.Fprintf(b, "\nWho to ask (%s):\n\n| for | |\n| --- | --- |\n", markdownText(o.OwnersFile))
	}
	for _, owner := range o.Owners {
		fmt.Fprintf(b, "| `%s` | %s |\n", markdownCode(owner.Pattern), markdownText(owner.Names))
	}
}

// WithOnboarding returns a file with the page between its marks, which come last if they are not there.
func WithOnboarding(file, page string) string {
	end := lineEnd(file)
	page = strings.ReplaceAll(onboardingBegins+"\n"+page+onboardingEnds+"\n", "\n", end)
	before, rest, begins := strings.Cut(file, onboardingBegins)
	_, after, ends := strings.Cut(rest, onboardingEnds)
	switch {
	case begins && ends:
		return before + page + strings.TrimPrefix(strings.TrimPrefix(after, "\r"), "\n")
	case file == "":
		return page
	}
	return strings.TrimRight(file, "\r\n") + end + end + page
}

// lineEnd returns the line end of a file: that of its first line.
func lineEnd(file string) string {
	if first, _, _ := strings.Cut(file, "\n"); strings.HasSuffix(first, "\r") {
		return "\r\n"
	}
	return "\n"
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

// markdownTexts returns somebody's texts as one line of Markdown.
func markdownTexts(all []string, separator string) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = markdownText(s)
	}
	return strings.Join(out, separator)
}
