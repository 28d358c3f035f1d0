package compose

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/release"
)

var key = StaticKey("key")

// project writes the files of an archive and gives the environment "dev" of it.
func project(t testing.TB, archive string) release.Environment {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return release.Environment{Project: "shop", Name: "dev", Dir: dir}
}

func loadFor(
	t testing.TB, e release.Environment, environ []string, secrets map[string]string,
) (*Model, error) {
	return Renderer{Environment: e, Env: environ, Secrets: secrets, Keys: key}.Load(t.Context())
}

func parseFor(
	t testing.TB, r release.Release, e release.Environment, environ []string, secrets map[string]string,
) (*Model, error) {
	return Renderer{Environment: e, Env: environ, Secrets: secrets, Keys: key}.Parse(t.Context(), r)
}

func load(t testing.TB, archive string) *Model {
	t.Helper()
	m, err := loadFor(t, project(t, archive), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// keep loads a model, and returns what a release keeps of it too.
func keep(t testing.TB, e release.Environment, secrets map[string]string) (*Model, []byte) {
	t.Helper()
	m, err := loadFor(t, e, nil, secrets)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := m.Compose()
	if err != nil {
		t.Fatal(err)
	}
	return m, kept
}

const secrets = `-- compose.yaml --
services:
  web:
    image: busybox
    environment:
      DATABASE: postgres://shop:${DB_PASSWORD}@db/shop
      PRICE: $$5
      LEVEL: ${LEVEL:-info}
    command: ["sh", "-c", "echo $$HOME"]
    ports: ["8080", "127.0.0.1:80:80"]
    volumes: ["data:/data", "./etc:/etc/shop:ro", "/var/run"]
    secrets: [db, token]
    configs: [{source: app, target: /etc/app.conf}]
  db:
    image: postgres:15
    environment: {POSTGRES_PASSWORD: "${DB_PASSWORD}"}
configs:
  app: {file: ./app.conf}
secrets:
  db: {environment: DB_PASSWORD}
  token: {file: ./token}
volumes: {data: {}}
-- app.conf --
price = $5
-- token --
t0psecret
`

// TestNoSecretIsKept: not in the canonical form, and not in what a release keeps; the model comes back whole
// from that.
func TestNoSecretIsKept(t *testing.T) {
	e, environ := project(t, secrets), []string{"DB_PASSWORD=hunter2!"}
	m, err := loadFor(t, e, environ, nil)
	if err != nil {
		t.Fatal(err)
	}
	images := map[string]release.Image{"web": {Digest: "sha256:1111"}, "db": {Digest: "sha256:2222"}}
	if m, err = m.Pin(images); err != nil {
		t.Fatal(err)
	}
	kept, err := m.Compose()
	if err != nil {
		t.Fatal(err)
	}
	fields := m.Canonical()
	if f := fields.Services["web"].Fields; f["environment.DATABASE"] != release.HMACSecret(key,
		"postgres://shop:hunter2!@db/shop") || f["environment.PRICE"] != "$5" {
		t.Error(f)
	}
	for _, secret := range []string{"hunter2", "t0psecret", markStart, e.Dir} {
		if strings.Contains(string(kept), secret) {
			t.Errorf("a release keeps %q:\n%s", secret, kept)
		}
	}
	if err := os.Remove(filepath.Join(e.Dir, "compose.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(e.Dir, "app.conf")); err != nil {
		t.Fatal(err)
	}
	back, err := parseFor(t, release.Release{Number: 1, Environment: "dev", Compose: kept,
		Images: images}, e, environ, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fields, back.Canonical()); diff != "" {
		t.Errorf("a model is another when it comes back from a release:\n%s", diff)
	}
}

// TestProject: the SDK gets contents, labels and images, and each call a copy of its own.
func TestProject(t *testing.T) {
	m, err := loadFor(t, project(t, secrets), []string{"DB_PASSWORD=hunter2!"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m, err = m.Pin(map[string]release.Image{"web": {Digest: "sha256:1"},
		"db": {Digest: "sha256:2"}}); err != nil {
		t.Fatal(err)
	}
	p, err := m.Project()
	if err != nil {
		t.Fatal(err)
	}
	web, fields := p.Services["web"], m.Canonical().Services["web"].Fields
	for label, want := range map[string]string{"com.docker.compose.project": "shop-dev",
		"com.docker.compose.service": "web", "com.docker.compose.oneoff": "False",
		"dev.davit.project": "shop", "dev.davit.environment": "dev",
		"dev.davit.configs./etc/app.conf":      fields["configs./etc/app.conf"],
		"dev.davit.secrets./run/secrets/token": fields["secrets./run/secrets/token"]} {
		if got := web.CustomLabels[label]; got != want || want == "" {
			t.Errorf("label %s is %q, not %q", label, got, want)
		}
	}
	if web.Image != "sha256:1" || web.PullPolicy != "never" ||
		*web.Environment["DATABASE"] != "postgres://shop:hunter2!@db/shop" {
		t.Errorf("%+v", web)
	}
	token := p.Secrets["token"]
	if token.File != "" || p.Environment[token.Environment] != "t0psecret\n" || p.Configs["app"].File != "" ||
		p.Configs["app"].Content != "price = $5\n" {
		t.Errorf("%+v %+v %v", token, p.Configs["app"], p.Environment)
	}
	*web.Environment["DATABASE"] = "changed"
	if again, err := m.Project(); err != nil ||
		*again.Services["web"].Environment["DATABASE"] == "changed" {
		t.Error("what the SDK changes in its project is changed in the model", err)
	}
}

// TestReadOnly: nothing can be copied into a read-only container, so its files stay files.
func TestReadOnly(t *testing.T) {
	e := project(t, "-- compose.yaml --\nservices:\n  a: {image: x, read_only: true, configs: [c]}\nconfigs: {c: {file: c.txt}}\n-- c.txt --\n$x\n")
	_, kept := keep(t, e, nil)
	back, err := parseFor(t, release.Release{Compose: kept}, e, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := back.Project()
	if err != nil || p.Configs["c"].File != filepath.Join(e.Dir, "c.txt") {
		t.Errorf("%v %+v\n%s", err, p.Configs["c"], kept)
	}
}

// TestVariablesOfTheCaller do not reach a release that has been made without them.
func TestVariablesOfTheCaller(t *testing.T) {
	e := project(t, "-- compose.yaml --\nservices:\n  a: {image: x, environment: [LATER], command: '$$LATER'}\n")
	m, kept := keep(t, e, nil)
	back, err := parseFor(t, release.Release{Compose: kept}, e, []string{"LATER=x"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.Canonical(), back.Canonical()); diff != "" {
		t.Error(diff)
	}
}

// TestSecretsOfARelease have to be there when it is loaded.
func TestSecretsOfARelease(t *testing.T) {
	e := project(t, "-- compose.yaml --\nservices:\n  a: {image: x, environment: {P: '${P}'}}\n")
	_, kept := keep(t, e, map[string]string{"P": "hunter2"})
	_, err := parseFor(t, release.Release{Number: 4, Environment: "dev", Compose: kept}, e, nil, nil)
	if want := "release 4 of dev was made with the value of P, and neither the caller, the files nor a container has that"; err == nil || err.Error() != want || fault.Of(err) != fault.Refused {
		t.Errorf("%v", err)
	}
	_, err = parseFor(t, release.Release{Number: 4, Environment: "dev", Compose: kept}, e, []string{"P=other"}, nil)
	if fault.Of(err) != fault.Refused {
		t.Errorf("another value: %v", err)
	}
}

// TestFilesGiveWhatTheyName: the Compose files give a value that they name although something else of them is not
// there, and only what nobody has is named.
func TestFilesGiveWhatTheyName(t *testing.T) {
	const base = "-- compose.yaml --\nservices:\n  a: {image: x, environment: {DB: '${DB_PASSWORD}', API_TOKEN: literal-1}"
	for name, test := range map[string]struct{ files, lost string }{
		"a variable":          {base + "}\n", ""},
		"a required variable": {strings.Replace(base, "PASSWORD}", "PASSWORD:?is needed}", 1) + "}\n", ""},
		"a secret":            {base + ", secrets: [s]}\nsecrets: {s: {environment: DB_PASSWORD}}\n", ""},
		"the file of a secret": {base + ", secrets: [s]}\nsecrets: {s: {file: s.txt}}\n-- s.txt --\nopen sesame\n",
			"s.txt"},
		"the file of a config": {base + ", configs: [s]}\nconfigs: {s: {file: s.txt}}\n-- s.txt --\nopen\n", "s.txt"},
		"a file of variables":  {base + ", env_file: more.env}\n-- more.env --\nMORE=x\n", "more.env"},
	} {
		t.Run(name, func(t *testing.T) {
			e := project(t, test.files)
			declared := map[string]string{"DB_PASSWORD": "hunter2-hunter2"}
			m, kept := keep(t, e, declared)
			if test.lost != "" {
				os.Remove(filepath.Join(e.Dir, test.lost))
			}
			live := []Container{{Service: "a", Fields: map[string]string{"environment.DB": "hunter2-hunter2"},
				Files: map[string]string{"/run/secrets/s": m.contents["secrets/s"].real}}}
			r := Renderer{Environment: e, Secrets: map[string]string{"DB_PASSWORD": ""}, Keys: key,
				Containers: func(context.Context) ([]Container, error) { return live, nil }}
			of := release.Release{Number: 4, Environment: "dev", Compose: kept}
			if _, err := r.Parse(t.Context(), of); err != nil {
				t.Error(err)
			}
			live = nil
			if _, err := r.Parse(t.Context(), of); fault.Of(err) != fault.Refused || strings.Contains(err.Error(), "API_TOKEN") ||
				!strings.Contains(err.Error(), "DB_PASSWORD") {
				t.Errorf("without containers: %v", err)
			}
		})
	}
}

// TestSecretsInAnEnvFile are found there again when a release is loaded, as the environment's own file has
// them.
func TestSecretsInAnEnvFile(t *testing.T) {
	e := project(t, "-- compose.yaml --\nservices:\n  a: {image: x, environment: {P: '${PASSWORD}'}, secrets: [p]}\nsecrets:\n  p: {environment: PASSWORD}\n-- dev.env --\nPASSWORD=hunter2\n")
	e.EnvFiles = []string{"dev.env"}
	m, kept := keep(t, e, nil)
	if bytes.Contains(kept, []byte("hunter2")) {
		t.Errorf("%s", kept)
	}
	back, err := parseFor(t, release.Release{Number: 4, Environment: "dev", Compose: kept}, e, nil,
		nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.Canonical(), back.Canonical()); diff != "" {
		t.Error(diff)
	}
}

func TestPinNeedsEveryImage(t *testing.T) {
	m := load(t, "-- compose.yaml --\nservices: {a: {image: x}, b: {build: ./b}}\n")
	if _, err := m.Pin(map[string]release.Image{"a": {Digest: "1"}}); err == nil ||
		err.Error() != `service "b" has no image yet` {
		t.Error(err)
	}
}

func TestBuilds(t *testing.T) {
	m := load(t, `-- compose.yaml --
services:
  here: {build: .}
  sub: {image: named, build: {context: ./sub, dockerfile: ../Dockerfile, target: t, args: {A: b, HOST_ONLY: }, additional_contexts: {base: ./base, img: "docker-image://x"}}}
  pulled: {image: busybox}
`)
	want := map[string]release.Build{
		"here": {Context: ".", Dockerfile: "Dockerfile", Args: map[string]string{},
			Contexts: map[string]string{}, At: "compose.yaml:2: services.here.build"},
		"sub": {Context: "sub", Dockerfile: "../Dockerfile", Target: "t", Args: map[string]string{"A": "b"},
			Contexts: map[string]string{"base": "base", "img": "docker-image://x"},
			At:       "compose.yaml:3: services.sub.build"},
	}
	if diff := cmp.Diff(want, m.Builds()); diff != "" {
		t.Error(diff)
	}
	if len(m.AlwaysPull()) != 0 {
		t.Errorf("%v are pulled anew", m.AlwaysPull())
	}
	if diff := cmp.Diff(map[string]string{"pulled": "busybox"}, m.Pulls()); diff != "" {
		t.Error(diff)
	}
}
