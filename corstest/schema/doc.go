// Package schema holds the vectors to the JSON Schema that is published beside them.
// It is a module of its own, since it takes a library for JSON Schema; it has tests
// only.
package schema
