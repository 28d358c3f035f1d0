//go:build !linux && !darwin

package plugins

import (
	"os"
	"time"
)

// limitProcess ends this process when it has had so much processor time.
func limitProcess(processor time.Duration) error {
	go func() {
		for range time.Tick(watchInterval) {
			if processTime() > processor {
				os.Exit(codeTime)
			}
		}
	}()
	return nil
}
