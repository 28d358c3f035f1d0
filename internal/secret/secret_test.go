package secret_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/secret"
)

func TestHas(t *testing.T) {
	for _, name := range []string{"PASSWORD", "DB_PASSWORD", "dbPassword", "db.password", "PGPASSWORD", "MYSQL_PWD",
		"API_KEY", "apiKey", "SECRET_KEY_BASE", "AWS_ACCESS_KEY_ID", "SENTRY_DSN", "_authToken", "authtoken",
		"POSTGRES_PASS", "REDIS_AUTH", "GITHUB_PAT", "client-secret", "X-Token", "requirepass", "tls_key.pem",
		"CREDENTIALS", "PASSWORD_SALT"} {
		if !(secret.Names{}).Has(name) {
			t.Errorf("%s is no name of a secret", name)
		}
	}
	for _, name := range []string{"", "PWD", "OLDPWD", "HOST", "PORT", "DEBUG", "KEYCLOAK_HOST", "MONKEY", "KEYBOARD",
		"TOKENIZER", "PASSWORD_FILE", "TOKEN_URL", "TOKEN_TTL", "SECRET_NAME", "PUBLIC_KEY", "PASSENGER", "COMPASS",
		"POSTGRES_HOST_AUTH_METHOD", "AUTHOR", "SSH_KEY_PATH"} {
		if (secret.Names{}).Has(name) {
			t.Errorf("%s is the name of a secret", name)
		}
	}
	own := secret.Names{Add: []string{"*_SEED"}, Not: []string{"sort_key"}}
	if !own.Has("my_seed") || own.Has("SORT_KEY") || !own.Has("API_KEY") {
		t.Error("names of a project do not count")
	}
}

func TestSpans(t *testing.T) {
	for text, want := range map[string]string{
		"postgres://u:p4ss@h/db":                 "p4ss",
		"a https://tok123@h/x and http://h:80/@": "tok123",
		"ssh://git@host/x":                       "",
		"git+ssh://git@host/x":                   "",
		"redis://:onlypass@h:6379":               "onlypass",
		"redis://u:${PW}@h":                      "",
		"db.password=hunter2\nx=1":               "hunter2",
		`{"client_secret": "a b\"c", "n": 1}`:    `a b\"c`,
		"password: 'two words'":                  "two words",
		"password:\n  x: y":                      "",
		"key: |\n  text":                         "text",
		"requirepass foo\nport 1":                "foo",
		"<password>x y</password>":               "x y",
		"run --token abc --port 1":               "abc",
		"run --token --port 1":                   "",
		"run -Ddb.password=abc;x":                "abc",
		"host=h password=abc user=u":             "abc",
		"token=true":                             "",
		"token=$TOKEN password={{ .Password }}":  "",
		"-----BEGIN PRIVATE KEY-----\na\nb\n-----END PRIVATE KEY-----\n": "-----BEGIN PRIVATE KEY-----\na\nb\n-----END PRIVATE KEY-----",
		"?token=abc&x=1":                                "abc",
		"Server=h;Password=a+b;":                        "a+b",
		"Authorization: Bearer abc.def-1":               "abc.def-1",
		`proxy_set_header Authorization "Bearer abc1";`: "abc1", "Authorization token expired": "",
		`curl -H "Authorization: Basic dXNlcjpwYXNz" x`: "dXNlcjpwYXNz",
		`{"authorization": "token gho_abc"}`:            "gho_abc",
		"Bearer eyJhbGciOiJIUzI1NiJ9.e30.x":             "eyJhbGciOiJIUzI1NiJ9.e30.x",
		"Authorization: Bearer ${TOKEN}":                "",
		"authorization: enabled":                        "", "authorization: disabled\nbearer authentication": "",
		"the bearer of this letter, 1234": "", "Basic authentication of users": "", "Bearer token2": "",
		"admin:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/,joe:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC": "$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/|$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC",
		"joe:{SHA}5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8":                                                            "{SHA}5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8",
		"cost $1$ and $2$, {SHA}": "", "$1": "",
		"root:pa:ss@tcp(db:3306)/x": "pa:ss", "call me@tcp(1)": "",
		"a:\n  password: |\n    one\n\n    two\n  user: x\n": "one\n\n    two",
		"- token: >-\n    one\n    two\n- x: y":              "one\n    two",
		"password:\n  abc def\nuser: x":                      "abc def",
		"password: two words, {odd}; x # why\nuser: x":       "two words, {odd}; x",
		"password: !!str |2 # why\n   abc\nuser: x":          "abc",
		"password: \"one\n  two\"\nuser: x":                  "one\n  two",
		"db.password = a b, c\nx = 1":                        "a b, c",
		"tokens:\n- a\npassword:\n  - b":                     "",
		"{name: token, value: X1}":                           "X1",
		"{value: X1, name: token}":                           "X1",
		"[{\"name\": \"token\", \"type\": \"s\", \"value\": \"a {b\"}, {\"name\": \"x\", \"value\": \"y\"}]": "a {b",
		"env:\n- name: DB_PASSWORD\n  value: a b, c\n- name: X\n  value: y\n":                                "a b, c",
		"env:\n- name: X\n  value: y\n- name: token\n  value: |\n    one\n    two\n":                         "one\n    two",
		"{\n  \"name\": \"token\",\n  \"value\": \"X1\"\n}":                                                  "X1",
		"a:\n  name: token\nb:\n  value: y\n":                                                                "",
		"<x name=\"password\" value=\"a b\"/><x name=\"user\" value=\"y\"/>":                                 "a b",
		"<property><name>db.password</name>\n<value>a b</value></property>":                                  "a b",
		"GH=ghp_a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1 x":                                                      "ghp_a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
		"id: AKIAIOSFODNN7EXAMPLE":                                                                           "AKIAIOSFODNN7EXAMPLE",
		"a eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p b":                          "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p",
		"https://hooks.slack.com/services/T0000000/B0000000/abcdefgh":                                        "hooks.slack.com/services/T0000000/B0000000/abcdefgh",
		"ghp_short and AKIA, eyJhbGciOiJIUzI1NiJ9":                                                           "",
		"{name: token, value: \"${TOKEN}\"}":                                                                 "",
	} {
		var got []string
		for _, s := range (secret.Names{}).Spans(text) {
			got = append(got, text[s.Start:s.End])
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: %q, wanted %q", text, got, want)
		}
	}
}

// TestValuesInShells tries each way to give a program a value with each that may stand around it in a shell.
// TestValuesOfAddresses: the password of an address ends before the last "@" of its first part. What is behind that is
// no secret.
func TestValuesOfAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"https://u:p%40@h/x?a=b&c=d":        "p%40",
		"URL=https://u:p%40w@h/x@y?a=b#c":   "p%40w",
		"https://u:p@w@h?a=@b":              "p@w",
		"https://u:pa/w@h/x":                "pa/w",
		"https://tok123@h/x?a=b":            "tok123",
		"x: 'postgres://u:p4ss@h/db?a=b&c'": "p4ss",
		"root:p4ss@tcp(h:3306)/db?x=y":      "p4ss",
	} {
		if got := (secret.Names{}).Values(text); !slices.Equal(got, []string{want}) {
			t.Errorf("%q: got %q, wanted %q", text, got, want)
		}
	}
}

func TestValuesInShells(t *testing.T) {
	const value = "Zse-cret.16_cmd"
	tried := 0
	for _, before := range []string{"", "true; ", "(", "x && ", "`", "$(", "sh -c \"", "sh -c '", "a\n", "if x; then "} {
		for _, given := range []string{"run --password «", "run --token=«", "DB_PASSWORD=« run", "export API_KEY=«",
			"run --password '«'", "run --token=\"«\"", "curl -u joe:«", "curl -s --user 'joe:«' x", "curl -sS -u \"joe:«\"",
			"run --token=Zse'-cret'.16_\\cmd", "run ${DB_PASSWORD:-«}", ": ${DB_PASSWORD:=«}",
			"psql postgres://joe:«@db/x", "run -Ddb.password=«"} {
			for _, behind := range []string{"", ";", "; echo", ")", "&& true", "&&true", "\"", "'", "| cat", "|cat", ">x", "> x",
				"2>&1", "`", "\n", "\necho x", ")\"; x", " \\\n y", "&", "||true"} {
				if behind == "2>&1" {
					behind = " " + behind
				}
				text := before + strings.ReplaceAll(given, "«", value) + behind
				tried++
				if !slices.Contains((secret.Names{}).Values(text), value) {
					t.Errorf("%q: %q", text, (secret.Names{}).Values(text))
				}
			}
		}
	}
	t.Logf("%d shell texts tried, %d held", tried, tried)
}

func TestArguments(t *testing.T) {
	words := []string{"redis", "--requirepass", "x", "--token", "--port", "1", "-p", "y", "--password=z", "w"}
	if got := slices.Sorted(maps.Keys((secret.Names{}).Arguments(words))); !slices.Equal(got, []int{2}) {
		t.Errorf("%v", got)
	}
}

// TestPasswordsOfPrograms: in the words of a command, and in the text of a shell.
func TestPasswordsOfPrograms(t *testing.T) {
	const value = "Zse.cret16!cmd"
	for _, command := range []string{"mysqladmin ping -uroot -p«", "/usr/bin/mysql -h db -p« shop", "exec mariadb-dump --all -p«",
		"mysql --password=«", "mysql --password « x", "redis-cli -a « ping", "timeout 5 redis-cli --no-auth-warning -a «",
		"mongosh -u root -p « --eval 1", "sshpass -p « ssh -p 22 h", "curl -u joe:« x", "curl -fsSu joe:« x", "curl --user=joe:« x",
		"curl -ujoe:« x", "docker login -u joe -p « h", "ldapsearch -x -w «", "sqlcmd -U sa -P « -Q x", "http -a joe:« x",
		"smbclient -U joe%« //h/x", "keytool -storepass «", "7z x -p« a.7z"} {
		words := strings.Fields(strings.ReplaceAll(command, "«", value))
		var got []string
		for i, s := range (secret.Names{}).Arguments(words) {
			got = append(got, words[i][s.Start:s.End])
		}
		for _, w := range words {
			got = append(got, (secret.Names{}).Values(w)...)
		}
		if !slices.Equal(got, []string{value}) {
			t.Errorf("words of %q: %q", command, got)
		}
		for _, form := range []string{"«", "'«'", "\"«\""} {
			for _, text := range []string{"x; «", "sh -c 'true && «'", "$(«)\ny", "if «; then x; fi", "«\nx"} {
				given := strings.ReplaceAll(strings.ReplaceAll(text, "«", command), "«", strings.ReplaceAll(form, "«", value))
				if strings.Contains(text, "'") && form == "'«'" {
					continue
				}
				if !slices.Contains((secret.Names{}).Values(given), value) {
					t.Errorf("%q: %q", given, (secret.Names{}).Values(given))
				}
			}
		}
	}
	for _, command := range []string{"mysql -p shop", "mysql -p$PW", "mysql -p\"$PW\"", "mysql -p$(cat /run/secrets/x)", "docker run -p 80:80 x",
		"redis-cli -a $PW", "curl -u joe x", "curl -u joe:${PW} x", "ssh -p 22 h", "mkdir -p mysql/data"} {
		if got := (secret.Names{}).Values(command); len(got) > 0 {
			t.Errorf("%q: %q", command, got)
		}
	}
}

func TestHideable(t *testing.T) {
	for value, want := range map[string]bool{"3000": false, "true": false, "short": false, "12345678": false,
		"1234567x": true, "db.example.com": false, "db.example.com:5432": false, "192.168.100.100": false, "3.14159265": false,
		"open sesame": true, "eyJhbGci.eyJzdWIi.c2lnX25h": true, "Zw\u00e4lfzeich": true} {
		if got := secret.Hideable(value); got != want {
			t.Errorf("%q: %t", value, got)
		}
	}
}

// FuzzSpans checks that spans are in the text, in order and apart, and that what is hidden is hidden once.
func FuzzSpans(f *testing.F) {
	f.Add("password=x https://a:b@c --token d\nkey e <secret>f</secret>")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, s := range (secret.Names{}).Spans(text) {
			if s.Start < at || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("%+v behind %d of %q", s, at, text)
			}
			at = s.End
		}
	})
}
