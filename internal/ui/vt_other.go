//go:build !windows

package ui

import "os"

// understandsEscapes is true of every terminal but a Windows console; TERM=dumb is asked for elsewhere.
func understandsEscapes(*os.File) bool { return true }
