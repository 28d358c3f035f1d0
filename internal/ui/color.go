package ui

import "io"

// A Style colours text, or leaves it as it is.
type Style struct{ on bool }

// OutStyle returns the style for standard output.
func (s *Streams) OutStyle() Style { return Style{s.color(s.Out)} }

// ErrStyle returns the style for standard error.
func (s *Streams) ErrStyle() Style { return Style{s.color(s.Err)} }

// color reports whether to colour: the option beats the environment, and the environment beats the kind of
// stream. Among the variables, NO_COLOR wins (https://no-color.org, https://bixense.com/clicolors).
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

// dumb reports whether the terminal cannot move its cursor.
func (s *Streams) dumb() bool { return s.env("TERM") == "dumb" }

// Enabled reports whether the style changes anything.
func (s Style) Enabled() bool { return s.on }

// Bold marks what the reader looks for first.
func (s Style) Bold(text string) string { return s.paint("1", text) }

// Dim marks what the reader may skip.
func (s Style) Dim(text string) string { return s.paint("2", text) }

// Red marks failure.
func (s Style) Red(text string) string { return s.paint("31", text) }

// Green marks success.
func (s Style) Green(text string) string { return s.paint("32", text) }

// Yellow marks warnings.
func (s Style) Yellow(text string) string { return s.paint("33", text) }

// Hues is the number of colours that have no meaning and only distinguish.
const Hues = 8

// Hue returns one of the colours that only distinguish.
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
