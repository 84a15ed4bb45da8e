// Package e2e tests the page of "s3cors serve" in Chromium. It is a module of its own,
// since the one it tests needs nothing but the standard library.
package e2e
