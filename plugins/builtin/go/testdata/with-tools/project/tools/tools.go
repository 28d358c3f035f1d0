//go:build tools

package tools

import (
	_ "github.com/fzipp/gocyclo/cmd/gocyclo"
	_ "honnef.co/go/tools/cmd/staticcheck"
)
