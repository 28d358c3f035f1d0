package dotenv

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/dotenv"
)

// ofTheCaller are the variables that the caller of the tests has set.
func ofTheCaller(name string) (string, bool) {
	value, set := map[string]string{"HOME": "/home/me", "EMPTY": ""}[name]
	return value, set
}

func TestParse(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"":                                     {},
		"A=1\n# a comment\n\nexport B='x y'\n": {"A": "1", "B": "x y"},
		"A=\"one\ntwo\"\nB=${A}!\n":            {"A": "one\ntwo", "B": "one\ntwo!"},
		"\ufeffA=\r\nB=2\r\n":                  {"A": "", "B": "2"},
		"A=b # c":                              {"A": "b"},
		"URL=postgres://u:p@db:5432/x?a=b":     {"URL": "postgres://u:p@db:5432/x?a=b"},
		"Z=${U:-d}\nY=${U-$HOME}":              {"Z": "d", "Y": "/home/me"},
		"A=${HOME}/a:$HOME/b":                  {"A": "/home/me/a:/home/me/b"},
		"HOME=/x\nA=$HOME":                     {"HOME": "/x", "A": "/home/me"},
		"A=${HOME:+yes}${U:+no}${HOME:-$V}":    {"A": "yes/home/me"},
		"HASH='$2y$10$abcDEF'\nB=$2y$10$":      {"HASH": "$2y$10$abcDEF", "B": "$2y$10$"},
		"A=pa$$word\nB=\"pa\\$word\"":          {"A": "pa$word", "B": "pa$word"},
		"A=x\xffy\nB=\"\xff\"":                 {"A": "x\xffy", "B": "\xff"},
		"Z.1=b\n1Z=a\nA-B=c":                   {"Z.1": "b", "1Z": "a", "A-B": "c"},
		"A=1\nNAME":                            {"A": "1"},
		"A=1\nHOME":                            {"A": "1", "HOME": "/home/me"},
	} {
		got := map[string]string{}
		if err := Parse(text, got, ofTheCaller); err != nil || !maps.Equal(got, want) {
			t.Errorf("%q is %q, %v, want %q", text, got, err, want)
		}
	}
}

// faulty are texts that are refused, with the beginning of the error.
var faulty = map[string]string{
	"A=1\nhunter2 hunter2\nB=2\n":            "line 2: there is a blank",
	"A=\"one\ntwo\"\nB='hunter2\nC=3\nD=4\n": "line 3: the quote of B does not end",
	"hunter2!":                               "line 1: the line does not begin",
	"A='it's-hunter2'":                       "line 1: there is text behind the closing quote of A",
	"A=1\nHASH=$2y$10$hunter2":               "line 2: the value of HASH has a $ before what is no variable that is set",
	"HASH=\"$2y$10$hunter2\"":                "line 1: the value of HASH has a $ before what is no variable that is set",
	"A=pa$hunter2":                           "line 1: the value of A has a $ before what is no variable that is set",
	"A=${HOME:+$hunter2}":                    "line 1: the value of A has a $ before what is no variable that is set",
	"A=${hunter2":                            "line 1: the value of A has a $ that begins no variable",
	"A=${U:?hunter2}":                        "line 1: the value of A needs a variable that is not set",
	"A=1\nB=hunter2\x00\n":                   "line 2: there is a NUL byte",
	"A=" + strings.Repeat("${HOME}", 101):    "line 1: too many variables",
	"A=" + strings.Repeat("hunter2", 1<<15):  "line 1: the value of A is longer than 128 KiB",
}

func TestAnErrorHasTheLineAndNothingOfTheFile(t *testing.T) {
	for text, want := range faulty {
		err := Parse(text, map[string]string{}, ofTheCaller)
		fault, _ := errors.AsType[*Error](err)
		if fault == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error()+fault.Next, "hunter2") || fault.Next == "" {
			t.Errorf("%.99q: got %v, want %q", text, err, want)
		}
	}
}

// TestValuesThatRepeatOthersEnd checks that a file of few lines fills no memory.
func TestValuesThatRepeatOthersEnd(t *testing.T) {
	text := "A=xxxxxxxxxxxxxxxx\n" + strings.Repeat("A=$A$A$A$A\n", 60)
	if err := Parse(text, map[string]string{}, ofTheCaller); err == nil {
		t.Error("a value of 4^62 bytes is accepted")
	}
}

// FuzzParse: what is accepted is what Compose reads.
func FuzzParse(f *testing.F) {
	f.Add("A=1\nB=\"x\ny\"\nC='")
	f.Add("A=${B:-x}$$ #\n1=$A")
	f.Fuzz(func(t *testing.T, text string) {
		got := map[string]string{}
		if Parse(text, got, ofTheCaller) != nil {
			return
		}
		want, err := dotenv.UnmarshalWithLookup(strings.TrimPrefix(text, "\uFEFF")+"\n", ofTheCaller)
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%q is %q, Compose: %q, %v", text, got, want, err)
		}
	})
}

// FuzzStatements: the statements of a file of variables set together what compose-go reads from it, and one of them has
// a fault if the file has.
func FuzzStatements(f *testing.F) {
	for text := range faulty {
		f.Add(text)
	}
	f.Add("A=1 #x\n#c\nexport B = \"x\\\"\ny$A\" # c\nC: 'z\\''\nD\nE=\n\nF=a'b")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") || strings.Count(text, "$") > maxReferences {
			return
		}
		want, fault := dotenv.UnmarshalWithLookup(strings.TrimPrefix(text, "\uFEFF"), nil)
		got, found := map[string]string{}, error(nil)
		for _, one := range Statements(text) {
			if found == nil {
				found = one.Set(got, func(string) (string, bool) { return "", false })
			}
		}
		if (fault == nil) != (found == nil) || fault == nil && !maps.Equal(got, want) {
			t.Errorf("got %q, %v\nwanted %q, %v", got, found, want, fault)
		}
	})
}
