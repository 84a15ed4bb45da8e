//go:build !race

package s3cors_test

// underRace tells that the race detector is on.
const underRace = false
