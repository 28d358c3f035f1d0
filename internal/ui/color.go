package ui

import "io"

// Style colours text, or leaves it as it is where colour is not wanted.
type Style struct{ on bool }

// OutStyle is for what goes to standard output.
func (s *Streams) OutStyle() Style { return Style{s.color(s.Out)} }

// ErrStyle is for what goes to standard error.
func (s *Streams) ErrStyle() Style { return Style{s.color(s.Err)} }

// color decides: what the user typed beats the environment, and the environment beats what the stream is.
// Of the variables, the one that says no wins (https://no-color.org, https://bixense.com/clicolors).
func (s *Streams) color(w io.Writer) bool {
	switch {
	case s.Color == "always":
		return true
	case s.Color == "never" || s.env("NO_COLOR") != "":
		return false
	case wanted(s.env("CLICOLOR_FORCE")) || wanted(s.env("FORCE_COLOR")):
		return true
	case s.dumb() || s.env("CLICOLOR") == "0":
		return false
	}
	_, _, terminal := s.size(w)
	return terminal
}

func wanted(value string) bool { return value != "" && value != "0" && value != "false" }

// dumb terminals have no cursor that could be moved.
func (s *Streams) dumb() bool { return s.env("TERM") == "dumb" }

// Enabled tells whether the style changes anything.
func (s Style) Enabled() bool { return s.on }

// Bold text, for what is looked for first.
func (s Style) Bold(text string) string { return s.paint("1", text) }

// Dim text, for what may be overlooked.
func (s Style) Dim(text string) string { return s.paint("2", text) }

// Red text, for failure.
func (s Style) Red(text string) string { return s.paint("31", text) }

// Green text, for success.
func (s Style) Green(text string) string { return s.paint("32", text) }

// Yellow text, for warnings.
func (s Style) Yellow(text string) string { return s.paint("33", text) }

// Hues are how many colours there are that only tell things apart.
const Hues = 8

// Hue is one of them.
func (s Style) Hue(n int) func(string) string {
	codes := [Hues]string{"36", "35", "34", "32", "96", "95", "94", "92"}
	return func(text string) string { return s.paint(codes[n%Hues], text) }
}

func (s Style) paint(code, text string) string {
	if !s.on || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
