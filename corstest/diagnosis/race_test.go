//go:build race && go1.26

package diagnosis

// underRace tells that the race detector is on.
const underRace = true
