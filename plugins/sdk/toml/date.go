package toml

import (
	"strings"
	"time"
)

// isDate reports whether s is one of the four kinds of dates and times. They stay strings, since no caller
// compares them.
func isDate(s string) bool {
	s = strings.ToUpper(s)
	if hasShape(s, "dd:dd:dd") {
		return isTime(s)
	}
	if len(s) < 10 || !hasShape(s[:10], "dddd-dd-dd") || !parses(time.DateOnly, s[:10]) {
		return false
	}
	if len(s) == 10 {
		return true
	}
	return (s[10] == 'T' || s[10] == ' ') && isTime(trimOffset(s[11:]))
}

// trimOffset removes a valid offset from a time.
func trimOffset(s string) string {
	if rest, ok := strings.CutSuffix(s, "Z"); ok {
		return rest
	}
	if i := strings.LastIndexAny(s, "+-"); i >= 0 && len(s)-i == 6 && parses("15:04", s[i+1:]) &&
		hasShape(s[i+1:], "dd:dd") {
		return s[:i]
	}
	return s
}

// isTime reports whether s is a time such as 07:32:00, with or without a fraction.
func isTime(s string) bool {
	if !hasShape(s, "dd:dd:dd") || !parses(time.TimeOnly, s[:8]) {
		return false
	}
	fraction, found := strings.CutPrefix(s[8:], ".")
	return s[8:] == "" || found && fraction != "" && strings.Trim(fraction, "0123456789") == ""
}

func parses(layout, s string) bool {
	_, err := time.Parse(layout, s)
	return err == nil
}

// hasShape reports whether s begins with the pattern, in which "d" is any digit.
func hasShape(s, pattern string) bool {
	if len(s) < len(pattern) {
		return false
	}
	for i := range len(pattern) {
		if pattern[i] == 'd' && !isDigit(s[i]) || pattern[i] != 'd' && pattern[i] != s[i] {
			return false
		}
	}
	return true
}
