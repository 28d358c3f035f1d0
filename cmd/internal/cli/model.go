package cli

import (
	"github.com/alecthomas/kong"

	"github.com/davit-dev/davit/internal/ui"
)

// Model returns the grammar of the command line, for a manual page.
func Model() (*kong.Application, error) {
	c := &call{Process: Process{Streams: ui.NewStreams(nil, nil, nil, func(string) string { return "" }, nil)}}
	parser, err := c.newParser(&grammar{})
	if err != nil {
		return nil, err
	}
	return parser.Model, nil
}
