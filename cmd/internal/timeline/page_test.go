package timeline

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/ui"
)

// hostile is text that would do something in a page, or hide something.
const hostile = `"><script src=x>alert(1)</script><img src=//x onerror=a>{{.}}` + "\u202e\x1b]0;x\a"

// TestPageIsWholeAndHarmless: whatever a project prints, the page has no script, no form and no address but those within it.
func TestPageIsWholeAndHarmless(t *testing.T) {
	run := &app.PastRun{
		Project: hostile, Targets: []string{hostile}, Status: ui.StatusFailed, Seconds: 4, Messages: []string{hostile},
		Images: []string{hostile}, Counts: map[string]int{ui.StatusFailed: 1},
		Steps: []app.PastStep{{ID: hostile, Command: hostile, Where: hostile, WhereReason: hostile, Image: hostile, After: []string{hostile, "b"},
			Status: ui.StatusFailed, Reason: hostile, Why: []string{hostile, hostile}, Warnings: []string{hostile}, Output: hostile, Start: 1, Seconds: 2}},
	}
	var page bytes.Buffer
	if err := Page(&page, run); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(page.String(), "\u202e\x1b\a") {
		t.Error("the page has characters that hide something")
	}
	root, err := html.Parse(&page)
	if err != nil {
		t.Fatal(err)
	}
	elements, shown := map[string]int{}, 0
	for n := range root.Descendants() {
		if n.Type == html.TextNode && strings.Contains(n.Data, "<script src=x>") {
			shown++
		}
		if n.Type != html.ElementNode {
			continue
		}
		elements[n.Data]++
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || (a.Key == "href" || a.Key == "src") && !strings.HasPrefix(a.Val, "#") && a.Val != "data:," {
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			}
		}
	}
	for _, name := range []string{"script", "img", "form", "iframe", "object", "base"} {
		if elements[name] > 0 {
			t.Errorf("the page has <%s>", name)
		}
	}
	if elements["details"] != 1 || elements["pre"] != 1 || shown < 10 {
		t.Errorf("%d steps, %d logs, and the text %d times", elements["details"], elements["pre"], shown)
	}
}

func TestTicksAreRound(t *testing.T) {
	for total, want := range map[float64]string{
		0: "", 0.03: "0.00s 0.01s 0.02s", 4.67: "0.00s 1.00s 2.00s 3.00s 4.00s", 9: "0.00s 2.00s 4.00s 6.00s 8.00s",
		95: "0.00s 20.0s 40.0s 1m00s 1m20s",
	} {
		var texts []string
		for _, tick := range ticks(total) {
			texts = append(texts, tick.Text)
		}
		if got := strings.Join(texts, " "); got != want {
			t.Errorf("the ticks of %v s are %q, wanted %q", total, got, want)
		}
	}
}

func TestPlainIsWhatATerminalWouldShow(t *testing.T) {
	for output, want := range map[string]string{
		"":                               "",
		"a\r\nb\n":                       "a\nb",
		"10%\r50%\r100%\nend\n":          "100%\nend",
		"\x1b[1;31mred\x1b[0m <b>\n":     "red <b>",
		"\x1b]0;title\atext\u202e\n\n\n": "text",
	} {
		if got := plain(output); got != want {
			t.Errorf("plain(%q) is %q, wanted %q", output, got, want)
		}
	}
}
