package cli

import (
	"bytes"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/ui"
)

// TestTableWithHead checks that only a terminal gets the line that names the columns.
func TestTableWithHead(t *testing.T) {
	for terminal, want := range map[bool]string{true: "NAME  SINCE\ndev   2h!\n", false: "dev  2h!\n"} {
		var out bytes.Buffer
		s := ui.NewStreams(nil, &out, io.Discard, func(string) string { return "" }, time.Now)
		s.Color, s.Size = "never", func(io.Writer) (int, int, bool) { return 80, 24, terminal }
		printer{Streams: s}.tableWithHead([]string{"NAME", "SINCE"}, [][]string{{"dev", "2h"}},
			func(row, col int, text string) ui.Text {
				if row == 0 && col == 1 {
					text += "!"
				}
				return s.OutStyle().Plain(text)
			})
		if out.String() != want {
			t.Errorf("got %q, wanted %q", out.String(), want)
		}
	}
}

func TestCommandOfExec(t *testing.T) {
	for _, c := range []struct{ args, command, rest, want []string }{
		{[]string{"exec", "dev", "web", "ls", "-l"}, []string{"ls", "-l"}, nil, []string{"ls", "-l"}},
		{[]string{"exec", "dev", "web", "--", "ls"}, nil, []string{"ls"}, []string{"ls"}},
		{[]string{"exec", "dev", "web", "git", "log", "--", "f"}, []string{"git", "log"}, []string{"f"},
			[]string{"git", "log", "--", "f"}},
	} {
		cmd := execCmd{Command: c.command}
		if got := cmd.command(&call{Process: Process{Args: c.args}, rest: c.rest}); !slices.Equal(got,
			c.want) {
			t.Errorf("%q: got %q", c.args, got)
		}
	}
}
