package tree

import (
	"errors"

	"golang.org/x/sys/windows"
)

// isNoName reports whether err means that no file can have such a name.
func isNoName(err error) bool {
	return errors.Is(err, windows.ERROR_INVALID_NAME) || errors.Is(err, windows.ERROR_DIRECTORY)
}
