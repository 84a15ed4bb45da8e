package corsserver

// Entries returns how many buckets a cache keeps, and Bytes how many bytes they
// count.
func Entries(c *Cache) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.entries)
}

func Bytes(c *Cache) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.bytes
}

// Flights returns how many buckets there is a question about.
func Flights(c *Cache) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.flights)
}

// Wait asks the store unless another has just done so.
var Wait = (*Cache).wait
