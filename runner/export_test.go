package runner

// LimitOutputs sets how many bytes of the outputs of one step are kept.
func (c *Cache) LimitOutputs(bytes int64) { c.limit = bytes }
