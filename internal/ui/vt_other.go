//go:build !windows

package ui

import "os"

// understandsEscapes returns true: every terminal but a Windows console does. TERM=dumb is handled elsewhere.
func understandsEscapes(*os.File) bool { return true }
