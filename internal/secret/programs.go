package secret

import (
	"path"
	"slices"
	"strings"
)

// A program takes a password as an argument whose name does not say so.
type program struct {
	// names are globs.
	names []string
	// options have the password behind them, in the same word or in the next one: "-a".
	options []string
	// attached is set where the password is in the same word: another word behind the option is none.
	attached bool
	// between is what stands between a user and the password.
	between string
}

// programs are those that are usual in commands and checks of services. Programs of ssh take a port by the options
// with which sshpass takes a password.
var programs = []program{
	{names: []string{"mysql*", "mariadb*", "mycli", "xtrabackup", "7z", "7za", "7zz"}, options: []string{"-p"}, attached: true},
	{names: []string{"mongo*", "sshpass", "login", "cqlsh", "rabbitmqadmin"}, options: []string{"-p"}},
	{names: []string{"redis-cli", "valkey-cli", "keydb-cli"}, options: []string{"-a"}},
	{names: []string{"ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami", "ldappasswd"}, options: []string{"-w", "-s"}},
	{names: []string{"sqlcmd", "bcp", "mosquitto_pub", "mosquitto_sub", "mosquitto_rr", "zip", "unzip"}, options: []string{"-P"}},
	{names: []string{"curl"}, options: []string{"-u", "--user", "-U", "--proxy-user"}, between: ":"},
	{names: []string{"http", "https", "xh", "xhs"}, options: []string{"-a", "--auth"}, between: ":"},
	{names: []string{"etcdctl"}, options: []string{"--user"}, between: ":"},
	{names: []string{"smbclient", "rpcclient"}, options: []string{"-U", "--user"}, between: "%"},
	{names: []string{"lftp"}, options: []string{"-u"}, between: ","},
	{names: []string{"ssh", "scp", "sftp", "rsync"}},
}

// programOf returns the program that a word of a command names; nil if it is none of those.
func programOf(word string) *program {
	if strings.HasPrefix(word, "-") || strings.Contains(word, "://") {
		return nil
	}
	name := path.Base(word)
	at := slices.IndexFunc(programs, func(p program) bool {
		return slices.ContainsFunc(p.names, func(glob string) bool { ok, _ := path.Match(glob, name); return ok })
	})
	if at < 0 {
		return nil
	}
	return &programs[at]
}

// passwords returns the passwords in the words of a command, by the index of the word.
func passwords(words []string) map[int]Span {
	found := map[int]Span{}
	var p *program
	for i, word := range words {
		if named := programOf(word); named != nil {
			p = named
			continue
		}
		if p == nil || !strings.HasPrefix(word, "-") {
			continue
		}
		if at, start, ok := p.argument(words, i); ok {
			if s, ok := p.password(words[at], start); ok {
				found[at] = s
			}
		}
	}
	return found
}

// argument returns where the argument of an option begins: the index of its word, and where in that.
func (p *program) argument(words []string, i int) (at, start int, ok bool) {
	for _, option := range p.options {
		rest, has := strings.CutPrefix(words[i], option)
		switch {
		case has && strings.HasPrefix(option, "--") && strings.HasPrefix(rest, "="):
			return i, len(option) + 1, true
		case has && rest != "" && !strings.HasPrefix(option, "--"):
			return i, len(option), true
		case !p.attached && i+1 < len(words) && (words[i] == option || p.endsWith(words[i], option)):
			return i + 1, 0, true
		}
	}
	return 0, 0, false
}

// endsWith reports whether a word has several options of one letter, of which this is the last: "-sSu".
func (p *program) endsWith(word, option string) bool {
	return p.between != "" && len(option) == 2 && !strings.HasPrefix(word, "--") && strings.HasSuffix(word, option[1:])
}

// password returns the span of the password in a word, which begins at start or behind a user.
func (p *program) password(word string, start int) (Span, bool) {
	if p.between != "" {
		user := strings.Index(word[start:], p.between)
		if user < 0 {
			return Span{}, false
		}
		start += user + len(p.between)
	}
	end := len(word)
	for _, quote := range []string{`"`, `'`} {
		if end > start && strings.HasSuffix(word[:end], quote) && strings.Count(word[start:end], quote)%2 == 1 {
			end--
		}
	}
	if start >= end {
		return Span{}, false
	}
	s, ok := valueAt(word, start, end)
	s.Name = "password"
	return s, ok
}

var (
	// named are words of programs in a text.
	named = lazy(`[A-Za-z0-9_./-]+`)
	// word is the next of a command in the text of a shell.
	word = lazy("^(?:[ \\t]|\\\\\\r?\\n)*((?:[^\\s;|&()<>`\"'\\\\]|\\\\.|\"[^\"\\n]*\"|'[^'\\n]*')+)")
)

// commands returns the spans of the passwords that the commands in a text have as arguments.
func commands(text string) (all []Span) {
	for _, m := range named().FindAllStringIndex(text, -1) {
		if programOf(text[m[0]:m[1]]) == nil {
			continue
		}
		words, starts := wordsFrom(text, m)
		for i, s := range passwords(words) {
			all = append(all, Span{starts[i] + s.Start, starts[i] + s.End, s.Name})
		}
	}
	return all
}

// wordsFrom returns the words of a command, of which the first is known, and where they begin.
func wordsFrom(text string, first []int) (words []string, starts []int) {
	words, starts = []string{text[first[0]:first[1]]}, []int{first[0]}
	for at := first[1]; ; {
		m := word().FindStringSubmatchIndex(text[at:])
		if m == nil || m[2] == 0 {
			return words, starts
		}
		words, starts = append(words, text[at+m[2]:at+m[3]]), append(starts, at+m[2])
		at += m[3]
	}
}

// Arguments returns the values of secrets in the words of a command, by the index of the word: those behind an option
// with the name of one, "--password" "x", and those that programs are known to take.
func (n Names) Arguments(words []string) map[int]Span {
	found := passwords(words)
	for i := 1; i < len(words); i++ {
		option := words[i-1]
		name := strings.TrimLeft(option, "-")
		if strings.HasPrefix(option, "-") && !strings.ContainsAny(option, "= ") && len(option) > 2 &&
			!strings.HasPrefix(words[i], "-") && words[i] != "" && n.Has(name) {
			found[i] = Span{0, len(words[i]), name}
		}
	}
	return found
}
