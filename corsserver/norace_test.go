//go:build !race

package corsserver_test

// underRace tells that the race detector is on.
const underRace = false
