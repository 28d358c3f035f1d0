package plugins

import "os"

// ownProgram returns the path of this program, also if the file has been replaced since.
func ownProgram() (string, error) {
	if _, err := os.Stat("/proc/self/exe"); err == nil {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}
