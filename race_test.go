//go:build race

package s3cors_test

// underRace tells that the race detector is on. It takes memory of its own, so that
// tests of what is held measure it rather than us, and take minutes.
const underRace = true
