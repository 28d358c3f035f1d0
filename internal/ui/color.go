package ui

import "io"

// A Style colours text, or leaves it as it is.
type Style struct{ on bool }

// OutStyle returns the style for standard output.
func (s *Streams) OutStyle() Style { return Style{s.color(s.out)} }

// ErrStyle returns the style for standard error.
func (s *Streams) ErrStyle() Style { return Style{s.color(s.err)} }

// logStyle returns the style for standard output in a CI system whose page shows colours, though it is no terminal.
func (s *Streams) logStyle() Style {
	plain := s.Color == "never" || s.env("NO_COLOR") != "" || s.env("CLICOLOR") == "0"
	return Style{!plain}
}

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

// Plain returns text that is printed as it is: one line, cleaned.
func (s Style) Plain(line string) Text { return Text{clean(line)} }

// Bold marks what the reader looks for first.
func (s Style) Bold(line string) Text { return Text{s.bold(clean(line))} }

// Dim marks what the reader may skip.
func (s Style) Dim(line string) Text { return Text{s.dim(clean(line))} }

// Red marks failure.
func (s Style) Red(line string) Text { return Text{s.red(clean(line))} }

// Green marks success.
func (s Style) Green(line string) Text { return Text{s.green(clean(line))} }

// Yellow marks warnings.
func (s Style) Yellow(line string) Text { return Text{s.yellow(clean(line))} }

// Hues is the number of colours that have no meaning and only distinguish.
const Hues = 8

// Hue returns one of the colours that only distinguish.
func (s Style) Hue(n int) func(string) Text {
	codes := [Hues]string{"36", "35", "34", "32", "96", "95", "94", "92"}
	return func(line string) Text { return Text{s.paint(codes[n%Hues], clean(line))} }
}

// Within this package, what is coloured has been cleaned.
func (s Style) bold(cleaned string) string   { return s.paint("1", cleaned) }
func (s Style) dim(cleaned string) string    { return s.paint("2", cleaned) }
func (s Style) red(cleaned string) string    { return s.paint("31", cleaned) }
func (s Style) green(cleaned string) string  { return s.paint("32", cleaned) }
func (s Style) yellow(cleaned string) string { return s.paint("33", cleaned) }

func (s Style) paint(code, cleaned string) string {
	if !s.on || cleaned == "" {
		return cleaned
	}
	return "\x1b[" + code + "m" + cleaned + "\x1b[0m"
}
