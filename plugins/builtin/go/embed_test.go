package golang

import (
	"strings"
	"testing"
)

func TestEmbedded(t *testing.T) {
	for text, want := range map[string]string{
		"//go:embed dist/page.txt\nvar page string\n":                "web/dist/page.txt",
		"//go:embed all:dist/*\nvar files embed.FS\n":                "web/dist/",
		"//go:embed a.txt \"b c.txt\" `d.txt`\nvar files embed.FS\n": "web/a.txt web/b c.txt web/d.txt",
		"var (\n\t//go:embed dist\n\tfiles embed.FS\n)\n":            "web/dist",
		"const code = `\n//go:embed dist/page.txt\n`\n":              "",
		"const code = \"//go:embed dist\"\n":                         "",
		"// go:embed dist\n//go:embedded dist\n//go:embed\n":         "",
		"/* //go:embed dist\n//go:embed dist */\n":                   "",
		"//go:embed ../dist\nvar x string\n":                         "dist",
	} {
		if got := strings.Join(embedded("web", "package web\n\nimport _ \"embed\"\n\n"+text), " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
