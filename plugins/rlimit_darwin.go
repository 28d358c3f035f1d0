package plugins

import "time"

// limitProcess limits the processor time of this process, and turns core dumps off. macOS has no limit of
// memory that holds for what Go allocates; limitMemory is the only one.
func limitProcess(processor time.Duration) error { return limitProcessor(processor) }
