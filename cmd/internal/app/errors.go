package app

import "github.com/davit-dev/davit/internal/fault"

func usage(hint, format string, args ...any) error { return fault.Preconditionf(hint, format, args...) }

func refused(hint, format string, args ...any) error { return fault.Refusef(hint, format, args...) }
