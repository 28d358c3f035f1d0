package model

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/davit-dev/davit/internal/release"
)

var key = []byte("key")

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

func load(t testing.TB, archive string) *Model {
	t.Helper()
	m, err := Load(t.Context(), project(t, archive), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
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

// TestNoSecretIsKept: not in the canonical form, and not in what a release keeps; the model comes back whole from that.
func TestNoSecretIsKept(t *testing.T) {
	e, environ := project(t, secrets), []string{"DB_PASSWORD=hunter2!"}
	m, err := Load(t.Context(), e, environ, nil)
	if err != nil {
		t.Fatal(err)
	}
	images := map[string]release.Image{"web": {ID: "sha256:1111"}, "db": {ID: "sha256:2222"}}
	if m, err = m.Pin(images); err != nil {
		t.Fatal(err)
	}
	kept, err := m.Compose()
	if err != nil {
		t.Fatal(err)
	}
	fields := m.Canonical(key)
	if f := fields.Services["web"].Fields; f["environment.DATABASE"] != release.Keyed(key, "postgres://shop:hunter2!@db/shop") || f["environment.PRICE"] != "$5" {
		t.Error(f)
	}
	for _, secret := range []string{"hunter2", "t0psecret", open, e.Dir} {
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
	back, err := Parse(t.Context(), release.Release{Number: 1, Environment: "dev", Compose: kept, Images: images}, e, environ, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fields, back.Canonical(key)); diff != "" {
		t.Errorf("a model is another when it comes back from a release:\n%s", diff)
	}
}
