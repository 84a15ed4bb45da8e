package corshttp

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

// SetDecision writes the fields of a decision.
var SetDecision = setDecision

// Wait asks the store unless another has just done so.
var Wait = (*Cache).wait

// LingerTime is how long a connection stays for the rest of a body.
const LingerTime = lingerTime
