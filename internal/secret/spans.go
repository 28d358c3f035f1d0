package secret

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A Span is where a text has the value of a secret.
type Span struct {
	Start, End int
	// Name is the name that the text gives the value: "db.password"; "password" for that of an address.
	Name string
}

func lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

var (
	// scheme begins an address.
	scheme = lazy(`([A-Za-z][A-Za-z0-9+.-]*)://`)
	// port is one with a path behind it, which may have an "@".
	port = lazy(`^\d*[/?#]`)
	// entry is one of a configuration in a usual format, or an option of a command: its name and its value.
	entry = lazy(`([A-Za-z0-9_][A-Za-z0-9_.-]*)["']?[ \t]*(?:=>|[=:])[ \t]*` +
		`("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s,;"'&<>{}]+)`)
	// line is a name and a value with only blanks between them, as in redis.conf.
	line = lazy(`(?m)^[ \t]*([A-Za-z0-9_][A-Za-z0-9_.-]*)[ \t]+([^\s=:]\S*)[ \t]*\r?$`)
	// option is one of a command, with its value behind it.
	option = lazy(`(?:^|[\s"'])--?([A-Za-z][A-Za-z0-9_.-]+)[ \t]+("[^"\n]*"|'[^'\n]*'|[^\s"'-]\S*)`)
	// element is one of XML.
	element = lazy(`<([A-Za-z0-9_][A-Za-z0-9_.-]*)>([^<\n]+)</`)
	// netrc is one of a machine in the form of netrc.
	netrc = lazy(`(?:^|\s)(?:machine\s+\S+|default|login\s+\S+)\s+(?:(?:login|account)\s+\S+\s+)*(password)\s+("[^"\n]*"|\S+)`)
	// private is a private key in PEM.
	private = lazy(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----`)
	// reference is a variable in place of a value.
	reference = lazy(`^(\$\{?\w+\}?|\$|\$\(.*|\{\{.*|\$\{\{.*|%\w+%|!!\w+)$`)
)

// noValues are words in the place of a value that are none, or that tell nothing.
var noValues = []string{"", "true", "false", "null", "none", "nil", "~", "|", "|-", ">", ">-", "yes", "no"}

// Spans returns where a text has values of secrets, from the first to the last, none within another.
func (n Names) Spans(text string) []Span { return apart(n.spans(text)) }

// spans returns where a text has values of secrets, in any order.
func (n Names) spans(text string) []Span {
	all := slices.Concat(addresses(text), commands(text), formed(text), n.lines(text), n.pairs(text))
	for _, m := range private().FindAllStringIndex(text, -1) {
		all = append(all, Span{m[0], m[1], "private_key"})
	}
	for _, form := range []*regexp.Regexp{entry(), option(), line(), element(), netrc()} {
		for _, m := range form.FindAllStringSubmatchIndex(text, -1) {
			if s, ok := valueAt(text, m[4], m[5]); ok && n.Has(text[m[2]:m[3]]) {
				s.Name = text[m[2]:m[3]]
				all = append(all, s)
			}
		}
	}
	return all
}

// valueAt returns the span of a value without its quotes, and whether it is one.
func valueAt(text string, start, end int) (Span, bool) {
	if q := text[start]; end-start >= 2 && (q == '"' || q == '\'') && text[end-1] == q {
		start, end = start+1, end-1
	}
	value := text[start:end]
	known := Empty(value) || reference().MatchString(value)
	return Span{Start: start, End: end}, !known
}

// Empty reports whether a value is none, or tells nothing: "true".
func Empty(value string) bool { return slices.Contains(noValues, strings.ToLower(value)) }

// InAddress reports whether a text has an address with a password or a token.
func InAddress(text string) bool { return strings.Contains(text, "@") && len(addresses(text)) > 0 }

// addresses returns the spans of the passwords in the addresses of a text, and of what stands in the place of
// user and password where it is one word: a token. The user of ssh is none.
func addresses(text string) (all []Span) {
	starts := scheme().FindAllStringSubmatchIndex(text, -1)
	for i, m := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		user := userIn(text[m[1]:end])
		name, password, both := strings.Cut(user, ":")
		switch ssh := strings.HasSuffix(strings.ToLower(text[m[2]:m[3]]), "ssh"); {
		case strings.ContainsAny(name, "/?#\"' \t\n,") || both && port().MatchString(password) || user == "":
		case password != "":
			all = append(all, Span{m[1] + len(name) + 1, m[1] + len(user), "password"})
		case name != "" && !ssh:
			all = append(all, Span{m[1], m[1] + len(name), "password"})
		}
	}
	return slices.DeleteFunc(all, func(s Span) bool { return reference().MatchString(text[s.Start:s.End]) })
}

// userIn returns what an address without its scheme has before the last "@" of its first part. A password may
// have a slash.
func userIn(rest string) string {
	if blank := strings.IndexAny(rest, " \t\r\n"); blank >= 0 {
		rest = rest[:blank]
	}
	first := strings.IndexByte(rest, '@')
	if first < 0 {
		return ""
	}
	end := len(rest)
	if slash := strings.IndexAny(rest[first:], "/?#,\"'"); slash >= 0 {
		end = first + slash
	}
	return rest[:strings.LastIndexByte(rest[:end], '@')]
}

// apart sorts spans and joins those that overlap.
func apart(all []Span) (out []Span) {
	slices.SortFunc(all, func(a, b Span) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	for _, s := range all {
		if last := len(out) - 1; last >= 0 && s.Start < out[last].End {
			out[last].End = max(out[last].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}
