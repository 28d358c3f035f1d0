package app

import "github.com/davit-dev/davit/internal/fault"

func usage(hint, format string, args ...any) error { return fault.Preconditionf(hint, format, args...) }
