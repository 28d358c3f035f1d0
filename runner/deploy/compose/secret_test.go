package compose

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/secret"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestUnsetSecretsAreRefused: those that are declared and used, and those of the Compose files; nothing else.
func TestUnsetSecretsAreRefused(t *testing.T) {
	const a = "-- compose.yaml --\nservices:\n  a: {image: x, "
	for name, test := range map[string]struct {
		files   string
		secrets map[string]string
		want    string
	}{
		"unset":      {a + "environment: {T: '${TOKEN}'}}\n", map[string]string{"TOKEN": ""}, "needs the secret TOKEN, which is not set or is empty"},
		"passed on":  {a + "environment: [TOKEN]}\n", map[string]string{"TOKEN": ""}, "needs the secret TOKEN"},
		"empty":      {a + "environment: {T: '${TOKEN}'}}\n-- .env --\nTOKEN=\n", map[string]string{"TOKEN": ""}, "needs the secret TOKEN"},
		"defaulted":  {a + "environment: {T: '${TOKEN:-x}'}}\n", map[string]string{"TOKEN": ""}, "needs the secret TOKEN"},
		"in .env":    {a + "environment: {T: '${TOKEN}'}}\n-- .env --\nTOKEN=x\n", map[string]string{"TOKEN": ""}, ""},
		"env_file":   {a + "env_file: [a.env]}\n-- a.env --\nX=\"a ${TOKEN}\"\n", map[string]string{"TOKEN": ""}, "needs the secret TOKEN"},
		"env_file 2": {a + "env_file: [a.env]}\n-- a.env --\nX=${TOKENS}\n", map[string]string{"TOKEN": ""}, ""},
		"not used":   {a + "environment: {T: '${OTHER}'}}\n", map[string]string{"TOKEN": ""}, ""},
		"no secret":  {a + "environment: {D: '${DEBUG}'}}\n-- .env --\nDEBUG=\n", nil, ""},
		"variable":   {a + "secrets: [s]}\nsecrets: {s: {environment: NONE}}\n", nil, "needs the secret NONE"},
		"no file": {a + "secrets: [s]}\nsecrets: {s: {file: none}}\n", nil,
			`needs the secret "s" of the Compose files, and file "none" cannot be read, no such file or directory`},
		"empty file": {a + "secrets: [s]}\nsecrets: {s: {file: f}}\n-- f --\n", nil, `file "f" is empty`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadFor(t, project(t, test.files), nil, test.secrets)
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
			} else if fault.Of(err) != fault.Refused || !strings.Contains(fmt.Sprint(err), test.want) {
				t.Errorf("%v, wanted %q", err, test.want)
			}
		})
	}
}

// TestTheHintSaysWhereASecretIs: the file that it comes from, or its variable.
func TestTheHintSaysWhereASecretIs(t *testing.T) {
	for variable, want := range map[string]string{"TLS": "write the value into certs/tls.pem",
		"DB_PASSWORD": "export DB_PASSWORD=…, or write it into .env"} {
		e := project(t, "-- compose.yaml --\nservices: {a: {image: x, environment: {S: '${"+variable+"}'}}}\n")
		e.SecretFiles = map[string]string{"TLS": "certs/tls.pem"}
		_, err := loadFor(t, e, nil, map[string]string{variable: ""})
		var hinted interface{ Hint() string }
		if !errors.As(err, &hinted) || hinted.Hint() != want {
			t.Errorf("%s: %v, hint wanted %q", variable, err, want)
		}
	}
}

// places are ways in which a value gets into a project; the value is «V» in them, and «W» for one in an address.
var places = []string{
	"-- compose.yaml --\nservices: {a: {image: x, environment: {DB_PASSWORD: '«V»'}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, environment: {dbPassword: '«V»', B: c}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, environment: {LINK: 'postgres://u:«W»@h/db'}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, command: ['run', '--db=postgres://u:«W»@h/db']}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, command: ['redis', '--requirepass', '«V»']}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, command: ['sh', '-c', 'redis --requirepass «W»']}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, entrypoint: ['run', '--api-key=«W»']}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, labels: {app.token: '«V»'}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, healthcheck: {test: [CMD, curl, 'http://u:«W»@localhost/']}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, logging: {driver: splunk, options: {splunk-token: '«V»'}}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, volumes: ['vol:/v']}}\nvolumes: {vol: {driver_opts: {type: cifs, o: 'username=u,password=«W»'}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, env_file: [a.env]}}\n-- a.env --\nSECRET_KEY_BASE='«V»'\n",
	"-- compose.yaml --\nservices: {a: {image: x, environment: {X: 'a ${API_KEY} b'}}}\n-- .env --\nAPI_KEY='«V»'\n",
	"-- compose.yaml --\nservices: {a: {image: x, environment: [API_KEY]}}\n-- .env --\nAPI_KEY='«V»'\n",
	"-- compose.yaml --\nservices: {a: {image: x, environment: {X: '${LINK}'}}}\n-- .env --\nLINK='amqp://u:«W»@h'\n",
	"-- compose.yaml --\nservices: {a: {image: x, env_file: [a.env]}}\n-- .env --\nAPI_KEY='«V»'\n-- a.env --\nX=\"${API_KEY}\"\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: app.properties}}\n-- app.properties --\nx=1\ndb.password=«W»\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: app.json}}\n-- app.json --\n{\"auth\": {\"clientSecret\": \"«W»\"}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: app.yaml}}\n-- app.yaml --\ndb:\n  password: «W»\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: app.xml}}\n-- app.xml --\n<db><password>«W»</password></db>\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: redis.conf}}\n-- redis.conf --\nport 1\nrequirepass «W»\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: token.txt}}\n-- token.txt --\nV\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [db_password]}}\nconfigs: {db_password: {content: '«V»'}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {environment: API_KEY}}\n-- .env --\nAPI_KEY='«V»'\n",
	"-- compose.yaml --\nservices: {a: {image: x, secrets: [s]}}\nsecrets: {s: {file: any}}\n-- any --\nV\n",
	"-- compose.yaml --\nservices: {a: {image: x, secrets: [s]}}\nsecrets: {s: {environment: ANY}}\n-- .env --\nANY='«V»'\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: app.yaml}}\n-- app.yaml --\ndb:\n  password: |\n    «W»\n    line\n  user: joe\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: app.yaml}}\n-- app.yaml --\ntoken: >-\n  one\n  «W»\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: app.yaml}}\n-- app.yaml --\nenv:\n- name: DB_PASSWORD\n  value: «W»\n- name: X\n  value: y\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: app.yaml}}\n-- app.yaml --\nenv: [{name: token, value: «W»}]\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: app.json}}\n-- app.json --\n[\n{\n\"name\": \"token\",\n\"value\": \"«W»\"\n}\n]\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: app.xml}}\n-- app.xml --\n<x name='password' value='«W»'/>\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: app.yaml}}\n-- app.yaml --\ndb:\n  password: a, {b} «W» c\n",
	"-- compose.yaml --\nservices: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: init.sh}}\n-- init.sh --\nmysql -uroot -p«W» -e 'select 1'\n",
	"-- compose.yaml --\nservices: {a: {image: x, command: ['mysql', '-p«W»', 'shop']}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, command: mysql -uroot -p«W» shop}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, healthcheck: {test: [CMD, mysqladmin, ping, '-p«W»']}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, healthcheck: {test: 'mysqladmin ping -p«W» || exit 1'}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, entrypoint: [mysql, --password, '«W»']}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, healthcheck: {test: [CMD, curl, -u, 'joe:«W»', 'http://localhost']}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, command: [sh, -c, 'exec redis-cli -a «W» ping']}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, environment: {CONFIG: \"password: |\\n  «W»\\n\"}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, environment: {DB_PASSWORD: '«W»', COPY: '«W»', PART: 'a «W» b'}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, environment: {DB_PASSWORD: '«W»'}, command: [run, 'a«W»b', '«W»'], labels: {copy: '«W»'}}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, environment: {API_KEY: '«W»'}, command: [run, 'x«W»']}, b: {image: x, command: [run, '«W»']}}\n",
	"-- compose.yaml --\nservices: {a: {image: x, environment: {API_KEY: '${API_KEY}'}, configs: [c]}}\nconfigs: {c: {file: any.txt}}\n-- .env --\nAPI_KEY='«W»'\n-- any.txt --\nthe «W» it is\n",
	"-- compose.yaml --\nservices: {a: {image: x, secrets: [s], command: [run, '«W»']}}\nsecrets: {s: {file: any}}\n-- any --\n«W»\n",
}

// TestFormsOfValues: values that are secret by their form are hidden in all places, whatever their names are, and refuse
// nothing.
func TestFormsOfValues(t *testing.T) {
	const bcrypt, bearer = "$$2y$$05$$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC", "Authorization: Bearer Zz9-token.1"
	for place, value := range map[string]string{
		"environment: {HEADER: '" + bearer + "'}":                                             "Zz9-token.1",
		"environment: {HEADER: '${HEADER}'}":                                                  "Zz9-token.2",
		"command: [curl, -H, '" + bearer + "', x]":                                            "Zz9-token.1",
		"labels: {traefik.http.middlewares.a.basicauth.users: 'joe:" + bcrypt + "'}":          "c4WoMPo3SXsafkva",
		"labels: ['traefik.http.middlewares.a.basicauth.users=joe:" + bcrypt + "']":           "c4WoMPo3SXsafkva",
		"environment: {FEED: 'https://joe:Zz9-pass@h/x'}":                                     "Zz9-pass",
		"labels: {feed: 'https://joe:Zz9-pass@h/x'}":                                          "Zz9-pass",
		"environment: {DATABASE: 'root:Zz9-pass@tcp(db:3306)/x'}":                             "Zz9-pass",
		"healthcheck: {test: [CMD, curl, -H, '" + bearer + "', 'http://localhost']}":          "Zz9-token.1",
		"configs: [users]}}\nconfigs: {users: {content: 'joe:" + bcrypt + "'":                 "c4WoMPo3SXsafkva",
		"extra_hosts: ['${ODD}']":                                                             "",
		"environment: {ADVICE: 'Basic authentication; the bearer pays', authorization: none}": "",
	} {
		e := project(t, "-- compose.yaml --\nservices: {a: {image: x, "+place+"}}\n-- .env --\n"+
			"HEADER='Authorization: Bearer Zz9-token.2'\nODD='h:10.0.0.1'\n")
		m, kept := keep(t, e, nil)
		text := fmt.Sprintf("%s %v", kept, m.Canonical())
		if hidden := strings.Contains(text, "hmac:"); value != "" && strings.Contains(text, value) || hidden != (value != "") {
			t.Errorf("%s: %s", place, text)
		}
		if values := m.Container("a").Secrets(secret.Names{}); value != "" && !strings.Contains(strings.Join(values, " "), value) {
			t.Errorf("%s: printed without being hidden: %q", place, values)
		}
	}
}

// letters are those of values: of the first kind anywhere, of the second also in addresses and behind options.
var letters = [2]string{`abcXYZ019 $$$%&/+=?{}[]()<>@:;,.*~|` + "\u00e4\u20ac", "abcdefXYZ0123456789$%+.*~_!"}

func generated(r *rand.Rand, kind int) string {
	all := []rune(letters[kind])
	value := []rune("Zz9")
	for range 8 + r.IntN(20) {
		value = append(value, all[r.IntN(len(all))])
	}
	return string(value) + "x"
}

// TestSecretsOfShells checks that the values in the shell text of a container are known as programs print them.
func TestSecretsOfShells(t *testing.T) {
	m, _ := keep(t, project(t, `-- compose.yaml --
services:
  a:
    image: x
    entrypoint: [sh, -c, "(run --token=Zsecret01par)&& exec \"$$@\"", --]
    command: [sh, -c, "true --password Zsecret02cmd; curl -u joe:Zsecret03cur http://x; x --password \"Zsecret 04quo\"&&y\nPGPASSWORD=Zsecret05new\n"]
    healthcheck: {test: "check --token=Zsecret06hea||exit 1"}
  b: {image: x, command: [redis, --requirepass, Zsecret07arg]}
`), nil)
	values := append(m.Container("a").Secrets(secret.Names{}), m.Container("b").Secrets(secret.Names{})...)
	for _, want := range []string{"Zsecret01par", "Zsecret02cmd", "Zsecret03cur", "Zsecret 04quo", "Zsecret05new",
		"Zsecret06hea", "Zsecret07arg"} {
		if !slices.Contains(values, want) {
			t.Errorf("%q is not in %q", want, values)
		}
	}
}

// TestNoValueIsKept: of generated values in all places none is in what a release keeps, in any usual form; and
// the release comes back whole, from the files and from the containers alone.
func TestNoValueIsKept(t *testing.T) {
	r, tried := rand.New(rand.NewPCG(1, 2)), 0
	for _, place := range places {
		for range 8 {
			v, w := generated(r, 0), generated(r, 1)
			checkKept(t, strings.NewReplacer("«V»", strings.ReplaceAll(v, "$", dollar(place)), "«W»", strings.ReplaceAll(w, "$", dollar(place))).Replace(place), v, w)
			tried++
		}
	}
	t.Logf("%d values tried, %d held", tried, tried)
}

// dollar returns a dollar sign as the files of a place have it, where Compose interpolates its own.
func dollar(place string) string {
	_, files, _ := strings.Cut(place, "\n-- ")
	if strings.ContainsAny(files, "«") {
		return "$"
	}
	return "$$"
}

func checkKept(t *testing.T, archive, v, w string) {
	t.Helper()
	e := project(t, archive)
	m, kept := keep(t, e, nil)
	canonical := m.Canonical()
	text := fmt.Sprintf("%s %v", kept, canonical)
	for _, value := range []string{v, w} {
		for _, form := range secret.Forms(value) {
			if strings.Contains(text, form) || strings.Contains(text, strings.ReplaceAll(form, "$", "$$")) {
				t.Fatalf("%q of\n%s\nis kept: %s", form, archive, text)
			}
		}
	}
	live := liveOf(m)
	for _, gone := range []bool{false, true} {
		if gone {
			removeAll(t, e.Dir)
		}
		back, err := Renderer{Environment: e, Keys: key,
			Containers: func(context.Context) ([]Container, error) { return live, nil }}.Parse(t.Context(),
			release.Release{Number: 1, Environment: "dev", Compose: kept})
		if gone && strings.Contains(archive, "driver") && fault.Of(err) == fault.Refused {
			continue // no container has options of drivers
		}
		if err != nil {
			t.Fatalf("%v, files gone: %t, of\n%s\nkept\n%s", err, gone, archive, kept)
		}
		if diff := cmp.Diff(canonical, back.Canonical()); diff != "" {
			t.Fatalf("files gone: %t: %s\n%s\n%s", gone, diff, archive, kept)
		}
	}
	if _, err := (Renderer{Environment: e, Keys: key}).Parse(t.Context(),
		release.Release{Number: 1, Environment: "dev", Compose: kept}); fault.Of(err) != fault.Refused {
		t.Fatalf("without any value: %v", err)
	}
}

// liveOf returns what the containers of a model have. No engine is asked for everything.
func liveOf(m *Model) (all []Container) {
	for _, name := range m.Services() {
		one := m.Container(name)
		maps.DeleteFunc(one.Fields, func(path, _ string) bool { return strings.HasPrefix(path, "compose.") })
		all = append(all, one)
	}
	return all
}

func removeAll(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.Remove(filepath.Join(dir, f.Name())); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSecretNames of a project are added to the list, and taken from it.
func TestSecretNames(t *testing.T) {
	e := project(t, "-- compose.yaml --\nservices: {a: {image: x, environment: {SEED: alpha, SORT_KEY: beta, TOKEN: gamma}}}\n")
	e.SecretNames = secret.Names{Add: []string{"*seed"}, Not: []string{"SORT_*"}}
	m, _ := keep(t, e, nil)
	for path, want := range map[string]bool{"environment.SEED": true, "environment.SORT_KEY": false, "environment.TOKEN": true} {
		if field := m.Canonical().Services["a"].Fields[path]; release.IsSecret(field) != want {
			t.Errorf("%s is %s", path, field)
		}
	}
}

// TestThePartsOfAReleaseAgree: text and fields hide the same, wherever the name or the value of a secret stands.
func TestThePartsOfAReleaseAgree(t *testing.T) {
	const value = "Zz9secret-value"
	for _, service := range []string{"labels: {app.token.enabled: Zz9other}", "labels: {app.enabled: 'password=" + value + "'}",
		"volumes: ['./token=" + value + ":/x']", "hostname: " + value, "container_name: " + value, "user: " + value,
		"working_dir: /" + value, "tmpfs: ['/" + value + ":mode=700']", "volumes: ['./x:/" + value + "']", "extra_hosts: ['" + value + ":10.0.0.1']",
		"networks: {default: {aliases: [" + value + "]}}", "environment: {" + value + ": x}", "stop_signal: SIGTERM, dns: [10.0.0.1]",
		"annotations: {a.token.b: Zz9other, x: " + value + "}", "sysctls: {net.token.x: '1'}", "logging: {driver: x, options: {a.token.b: Zz9other}}",
		"deploy: {labels: {x: " + value + "}}", "post_start: [{command: [run, " + value + "]}]", "x-any: {command: " + value + "}",
		"healthcheck: {test: [CMD, run, " + value + "], interval: 5s}", "configs: [{source: c, target: /" + value + "}]",
	} {
		e := project(t, "-- compose.yaml --\nservices: {a: {image: x, "+service+"}, b: {image: x, environment: {DB_PASSWORD: "+value+"}}}\n"+
			"configs: {c: {content: any}}\n")
		m, err := loadFor(t, e, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		image := release.Image{Digest: "x@sha256:" + strings.Repeat("0", 64)}
		images := map[string]release.Image{"a": image, "b": image}
		if m, err = m.Pin(images); err != nil {
			t.Fatal(err)
		}
		kept, err := m.Compose()
		if err != nil {
			t.Fatal(err)
		}
		r := release.Release{Format: release.Format, Number: 1, Environment: "dev", Compose: kept, Images: images, Model: m.Canonical()}
		derived, err := Renderer{Environment: e, Keys: key}.DeriveModel(t.Context(), r.Reduced())
		if err != nil {
			t.Errorf("%s: %v", service, err)
		} else if diff := cmp.Diff(r.Model, derived, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", service, diff)
		}
	}
}

// TestClearWordsAreNoSecrets: a password that is also the name of a user, of an image or of a service hides only itself.
func TestClearWordsAreNoSecrets(t *testing.T) {
	for _, service := range []string{"image: 'postgres:15', environment: {POSTGRES_PASSWORD: postgres}, command: [postgres, -c, x=1]",
		"image: x, environment: {DB_PASSWORD: joe-smith, DB_USER: joe-smith}, command: [run, joe-smith]",
		"image: x, environment: {DB_PASSWORD: password}, command: [run, my-password-file]",
		"image: x, environment: {DB_PASSWORD: short}, command: [run, short]", "image: x, environment: {DB_PASSWORD: '123456789'}, command: [run, '123456789']",
		"image: x, environment: {DB_PASSWORD: long-service}, command: [run, long-service]"} {
		m, _ := keep(t, project(t, "-- compose.yaml --\nservices: {long-service: {"+service+"}}\n"), nil)
		fields := m.Canonical().Services["long-service"].Fields
		if release.IsSecret(fields["command"]) {
			t.Errorf("%s: the command is hidden", service)
		}
	}
}
