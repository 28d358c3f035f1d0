// Package site has the test of the site that make site makes of docs: the folder website.
package site

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/browsertest"
	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/managertest"
)

const repository = "../../.."

// TestSite makes the site, which fails where a link of a page leads nowhere or a page is not in the navigation, and opens pages
// of it on a phone and on a desktop.
func TestSite(t *testing.T) {
	t.Parallel()
	bin, dir := t.TempDir(), t.TempDir()
	managertest.MkDocs.Link(t, bin)
	mkdocs := filepath.Join(bin, "mkdocs")
	if out, err := build(mkdocs, repository, dir); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	checkBrokenLinks(t, mkdocs)
	index, err := os.ReadFile(filepath.Join(dir, "search", "search_index.json"))
	if err != nil || !strings.Contains(string(index), "project.toml") {
		t.Errorf("the index of the search (%v) has no word of docs/project.md", err)
	}
	program := browsertest.Find()
	if program == "" {
		enginetest.Missing(t, "there is no Chromium on PATH")
	}
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	for page, view := range map[string]browsertest.View{
		"/": {Width: 390}, "/project/": {Width: 390, Dark: true}, "/environments/": {Width: 1280},
	} {
		seen, err := browsertest.Open(program, t.TempDir(), server.URL+page, view)
		if err != nil {
			t.Fatal(err)
		}
		if len(seen.Errors) > 0 || seen.Width > view.Width || !strings.Contains(seen.Text, "davit") {
			t.Errorf("%s at %d pixels: %d wide, errors %q", page, view.Width, seen.Width, seen.Errors)
		}
		for _, request := range seen.Requests {
			if !strings.HasPrefix(request, server.URL) && !strings.HasPrefix(request, "data:") {
				t.Errorf("%s loads %s", page, request)
			}
		}
	}
}

// build makes the site of a repository in a folder.
func build(mkdocs, repository, dir string) (string, error) {
	c := exec.Command(mkdocs, "build", "-f", filepath.Join(repository, "website", "mkdocs.yml"), "-d", dir)
	c.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	out, err := c.CombinedOutput()
	return string(out), err
}

// checkBrokenLinks checks that no site is made of pages with links that lead nowhere.
func checkBrokenLinks(t *testing.T, mkdocs string) {
	t.Helper()
	dir := t.TempDir()
	for _, folder := range []string{"docs", "website"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(filepath.Join(repository, folder))); err != nil {
			t.Fatal(err)
		}
	}
	links := "[a](nowhere.md) [b](project.md#nowhere) [c](../nowhere.md)"
	if err := os.WriteFile(filepath.Join(dir, "README.md"), []byte(links), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "docs", "images.md"), []byte(links), 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := build(mkdocs, dir, filepath.Join(dir, "site"))
	for _, link := range []string{"'nowhere.md'", "'project.md#nowhere'", "'../nowhere.md'"} {
		if err == nil || !strings.Contains(out, "'images.md' contains a link "+link) {
			t.Errorf("the link to %s is not refused (%v): %s", link, err, out)
		}
	}
}

// TestSiteIsOfOneVersion: the tests install the MkDocs that make site does.
func TestSiteIsOfOneVersion(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(repository, "website", "requirements.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(text)); got != managertest.MkDocs.Requirements() {
		t.Errorf("the tests install %q, and website/requirements.txt has %q", managertest.MkDocs.Requirements(), got)
	}
}
