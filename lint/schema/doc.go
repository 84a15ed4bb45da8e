// Package schema holds the logs of s3cors lint to the schema of SARIF 2.1.0. It is a
// module of its own, so that the library and its tests do without what it needs.
package schema
