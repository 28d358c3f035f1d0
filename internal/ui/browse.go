package ui

import (
	"errors"
	"io"
	"os/exec"
	"runtime"
	"strings"

	"github.com/pkg/browser"
)

// ErrNoBrowser is the error of Browse on a machine without a desktop.
var ErrNoBrowser = errors.New("there is no screen for a browser")

// Browse opens an address in the browser of the variable BROWSER, a command in which %s stands for the
// address, or else in that of the desktop.
func (s *Streams) Browse(url string) error {
	if words := strings.Fields(s.env("BROWSER")); len(words) > 0 {
		return exec.Command(words[0], browserArgs(words[1:], url)...).Run()
	}
	if !s.screen(runtime.GOOS) {
		return ErrNoBrowser
	}
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	return browser.OpenURL(url)
}

// screen reports whether there is a desktop. Those of Linux and the BSDs set variables.
func (s *Streams) screen(system string) bool {
	return system == "windows" || system == "darwin" || s.env("DISPLAY") != "" ||
		s.env("WAYLAND_DISPLAY") != ""
}

func browserArgs(words []string, url string) (args []string) {
	there := false
	for _, w := range words {
		there = there || strings.Contains(w, "%s")
		args = append(args, strings.ReplaceAll(w, "%s", url))
	}
	if !there {
		args = append(args, url)
	}
	return args
}
