package ui

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestBrowseUsesTheConfiguredBrowser uses touch as the browser, which creates a file with the name of the
// address.
func TestBrowseUsesTheConfiguredBrowser(t *testing.T) {
	dir := t.TempDir()
	for variable, want := range map[string]string{"touch": "a", "touch -a -m": "b",
		"touch %s.html": "c.html"} {
		url := filepath.Join(dir, want[:1])
		s := &Streams{Env: func(name string) string { return map[string]string{"BROWSER": variable}[name] }}
		if err := s.Browse(url); err != nil {
			t.Skip("left out, since there is no touch: ", err)
		}
		if _, err := os.Stat(filepath.Join(dir, want)); err != nil {
			t.Errorf("%s: %v", variable, err)
		}
	}
}

func TestBrowseNeedsADesktop(t *testing.T) {
	s := &Streams{Env: func(string) string { return "" }}
	if s.screen("linux") || !s.screen("darwin") || !s.screen("windows") {
		t.Error("a screen without a desktop, or none on one")
	}
	if s.screen("linux") {
		return
	}
	s.Env = func(name string) string { return map[string]string{"WAYLAND_DISPLAY": "wayland-0"}[name] }
	if !s.screen("linux") {
		t.Error("Wayland is a desktop")
	}
	if err := (&Streams{Env: func(name string) string { return map[string]string{"BROWSER": "/nobody"}[name] }}).Browse("x"); err == nil || errors.Is(err,
		ErrNoBrowser) {
		t.Errorf("a browser that is not there: %v", err)
	}
}
