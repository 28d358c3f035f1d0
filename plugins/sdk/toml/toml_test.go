package toml

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

type object = map[string]any

func TestReadsEachKindOfValue(t *testing.T) {
	for text, want := range map[string]any{
		`"a\tb\u00e9\U0001F600\\"`:            "a\tbé😀\\",
		`'C:\new'`:                            `C:\new`,
		"\"\"\"\nfirst\nsecond\"\"\"":         "first\nsecond",
		"\"\"\"\r\nfirst\r\nsecond\"\"\"":     "first\nsecond",
		"\"\"\"one \\\n\n   two\"\"\"":        "one two",
		`""""quoted""""`:                      `"quoted"`,
		`"""""two"""""`:                       `""two""`,
		"'''\nC:\\x\n'''":                     "C:\\x\n",
		"0":                                   int64(0),
		"+1_000":                              int64(1000),
		"-17":                                 int64(-17),
		"0xDEAD_beef":                         int64(0xdeadbeef),
		"0o755":                               int64(0o755),
		"0b1101":                              int64(13),
		"9223372036854775807":                 int64(math.MaxInt64),
		"3.14":                                3.14,
		"-0.01":                               -0.01,
		"5e+22":                               5e+22,
		"1_0.2_5E-1_0":                        10.25e-10,
		"inf":                                 math.Inf(1),
		"-inf":                                math.Inf(-1),
		"true":                                true,
		"false":                               false,
		"1979-05-27":                          "1979-05-27",
		"1979-05-27T07:32:00Z":                "1979-05-27T07:32:00Z",
		"1979-05-27 07:32:00.999999-07:00":    "1979-05-27 07:32:00.999999-07:00",
		"1979-05-27t07:32:00":                 "1979-05-27t07:32:00",
		"07:32:00.5":                          "07:32:00.5",
		"[]":                                  []any{},
		"[1, 'a', [true],]":                   []any{int64(1), "a", []any{true}},
		"[ # why\n 1 ,\n # more\n 2 # end\n]": []any{int64(1), int64(2)},
		"{}":                                  object{},
		`{ a = 1, b.c = "x", "d e" = [] }`:    object{"a": int64(1), "b": object{"c": "x"}, "d e": []any{}},
	} {
		m, err := Parse("key = " + text + " # comment\n")
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if !reflect.DeepEqual(m["key"], want) {
			t.Errorf("%s: got %#v, wanted %#v", text, m["key"], want)
		}
	}
}

func TestReadsTablesAndKeys(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want object
	}{
		"empty":               {"", object{}},
		"byte order mark":     {"\ufeffa=1", object{"a": int64(1)}},
		"comments and blanks": {"# one\n\n \t# two\r\n", object{}},
		"dotted keys": {"a . b = 1\n\"a\".'c' = 2",
			object{"a": object{"b": int64(1), "c": int64(2)}}},
		"headers": {"[a]\nx=1\n[a.b]\ny=2\n[ c . \"d.e\" ]",
			object{"a": object{"x": int64(1), "b": object{"y": int64(2)}}, "c": object{"d.e": object{}}}},
		"parent after child": {"[a.b]\n[a]\nx=1", object{"a": object{"b": object{}, "x": int64(1)}}},
		"arrays of tables": {"[[a]]\nx=1\n[a.b]\n[[a]]\n[[a.c]]\n[[a.c]]",
			object{"a": []any{object{"x": int64(1), "b": object{}}, object{"c": []any{object{}, object{}}}}}},
		"below a dotted key": {"[a]\nb.c=1\n[a.b.d]",
			object{"a": object{"b": object{"c": int64(1), "d": object{}}}}},
		"a bare key of digits": {"3.14 = true", object{"3": object{"14": true}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, wanted %v", got, c.want)
			}
		})
	}
}

func TestRefusesWithTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"a = 1\na = 2":             `line 2: "a" is defined twice`,
		"[a]\n[a]":                 `line 2: "a" is defined twice`,
		"a.b = 1\n[a]":             `line 2: "a" is defined twice`,
		"a = 1\n[a.b]":             `line 2: "a" is not a table that can be extended`,
		"a = {}\n[a.b]":            `line 2: "a" is not a table that can be extended`,
		"a = {b={}, b.c=1}":        `line 1: "b" is defined twice`,
		"a = []\n[[a]]":            `line 2: "a" is defined twice`,
		"[a]\n[[a]]":               `line 2: "a" is defined twice`,
		"[[a]]\n[a]":               `line 2: "a" is defined twice`,
		"[a.b]\n[a]\nb.c=1":        `line 3: "b" is defined twice`,
		"a = 1 b = 2":              `line 1: 'b' stands where the line should end`,
		"a":                        `line 1: the end of the text stands where "=" should follow the key "a"`,
		"= 1":                      `line 1: '=' stands where a key should be`,
		"[a":                       `line 1: the end of the text stands where "]" should close the header`,
		"[[a] ]":                   `line 1: ']' stands where "]]" should close the header`,
		"a = ":                     `line 1: the end of the text stands where a value should be`,
		"a = word":                 `line 1: "word" is not a value; a string needs quotes`,
		"a = 'x\n'":                `line 1: a string is not closed with ' on its line`,
		"\n\na = \"\"\"x\n":        `line 4: a string is not closed with """`,
		`a = "\q"`:                 `line 1: a backslash before 'q' means nothing`,
		`a = "\ud800"`:             `line 1: \u needs 4 hexadecimal digits of a character`,
		"a = \"\x01\"":             `line 1: a string has the control character '\x01' in it`,
		"# \x00":                   `line 1: a comment has the control character '\x00' in it`,
		"a = \"\xff\"":             `line 1: the text is not valid UTF-8`,
		"a = [1 2]":                `line 1: '2' stands where "," or "]" should be in an array`,
		"a = {b = 1,}":             `line 1: '}' stands where a key should be`,
		"a = {b = 1\n}":            `line 1: '\n' stands where "," or "}" should be in a table`,
		"a = 99999999999999999999": `line 1: the number 99999999999999999999 is too large`,
		"a = 1e999":                `line 1: the number 1e999 is too large`,
		"a = 1\rb = 2":             `line 1: '\r' stands where the line should end`,
	} {
		if _, err := Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, wanted %s", text, err, want)
		}
	}
}

func TestRefusesNumbersAndDatesThatTOMLDoesNotHave(t *testing.T) {
	for _, word := range []string{
		"01", "+01", "1_", "_1", "1__0", "0x", "0x_1", "-0x1", "0X1", "0b2", ".5", "5.", "1.e5", "1e",
		"1e5.2", "+-1", "+", "-",
		"1.2.3", "0x1p3", "Inf", "1979-13-01", "1979-02-30", "1979-05-27T", "1979-05-27T7:32:00",
		"1979-05-27T07:32", "24:00:00",
		"07:32:00.", "1979-05-27T07:32:00+7:00", "1979-05-27T07:32:00Zx", "1979-5-27",
	} {
		if m, err := Parse("a = " + word); err == nil {
			t.Errorf("%s: read as %#v", word, m["a"])
		}
	}
}

func TestDepthIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		"arrays":  "a = " + strings.Repeat("[", 1_000_000),
		"tables":  "a = " + strings.Repeat("{a=", 1_000_000),
		"keys":    strings.Repeat("a.", 1_000_000) + "a = 1",
		"headers": "[" + strings.Repeat("a.", 1_000_000) + "a]",
		"all of them at once": "[[" + strings.Repeat("a.", 25) + "a]]" + "\n" + strings.Repeat("a.", 25) +
			"a = " + strings.Repeat("[", 25),
	} {
		if _, err := Parse(text); err == nil ||
			!strings.HasSuffix(err.Error(), ": tables and arrays nest deeper than 64 levels") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := Parse("a = " + strings.Repeat("[", 50) + strings.Repeat("]", 50)); err != nil {
		t.Error(err)
	}
}

func TestWalks(t *testing.T) {
	m, err := Parse("[project]\nname = 'x'\nfiles = ['a', 1, 'b']\none = 'c'\nyes = true\n[[tool.uv.index]]\nurl = 'u'")
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]bool{
		"string": String(m, "project", "name") == "x",
		"no string": String(m, "project", "files") == "" &&
			String(m, "project", "name", "more") == "",
		"strings":    reflect.DeepEqual(Strings(m, "project", "files"), []string{"a", "b"}),
		"one string": reflect.DeepEqual(Strings(m, "project", "one"), []string{"c"}),
		"bool":       Bool(m, "project", "yes") && !Bool(m, "project", "no"),
		"table": len(Table(m, "project")) == 4 && Table(m, "no") == nil &&
			Table(m)["tool"] != nil,
		"tables": len(Tables(m, "tool", "uv", "index")) == 1 &&
			Tables(m, "project", "files") == nil,
		"has":               Has(m, "tool", "uv") && !Has(m, "tool", "pdm"),
		"nil table is fine": !Has(nil, "a") && String(nil, "a") == "",
	} {
		if !got {
			t.Errorf("%s: not as wanted", name)
		}
	}
}
