package cache

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

func TestASecretIsOfOneStore(t *testing.T) {
	dir := t.TempDir()
	secret := Open(dir, Options{}).Secret()
	if len(secret) != 32 || !bytes.Equal(secret, Open(dir, Options{}).Secret()) {
		t.Errorf("got %x, then another", secret)
	}
	for _, other := range []string{t.TempDir(), "", ""} {
		if s := Open(other, Options{}); bytes.Equal(secret, s.Secret()) ||
			!bytes.Equal(s.Secret(), s.Secret()) {
			t.Errorf("the store %q has the same secret, or a new one each time", other)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "secret"))
	if err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("got %v, %v", info, err)
	}
}

func TestProcessesThatStartAtOnceHaveOneSecret(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		secrets := make([][]byte, 8)
		var wg sync.WaitGroup
		for i := range secrets {
			wg.Go(func() { secrets[i] = Open(dir, Options{}).Secret() })
		}
		wg.Wait()
		for _, s := range secrets {
			if !bytes.Equal(s, secrets[0]) {
				t.Fatalf("got %x", secrets)
			}
		}
	}
}

func TestASecretThatOthersCouldKnowIsReplaced(t *testing.T) {
	spoil := map[string]func(file string) error{
		"short": func(file string) error { return os.WriteFile(file, []byte("short"), 0o600) },
		"a link": func(file string) error {
			known := filepath.Join(t.TempDir(), "known")
			return firstError(os.WriteFile(known, make([]byte, 32), 0o600), os.Remove(file),
				os.Symlink(known, file))
		},
	}
	if runtime.GOOS != "windows" {
		spoil["readable"] = func(file string) error { return os.Chmod(file, 0o644) }
	}
	for name, spoil := range spoil {
		dir := t.TempDir()
		secret := Open(dir, Options{}).Secret()
		if err := spoil(filepath.Join(dir, "secret")); err != nil {
			t.Fatal(err)
		}
		again := Open(dir, Options{}).Secret()
		if bytes.Equal(again, secret) || bytes.Equal(again, make([]byte, 32)) ||
			!bytes.Equal(again, Open(dir, Options{}).Secret()) {
			t.Errorf("%s: got %x, then %x", name, secret, again)
		}
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
