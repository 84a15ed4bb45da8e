package conformance

import "context"

// Run asks a server the vectors that the options choose, and returns a result for each,
// in the order of the vectors. There is a result for every vector that Chosen returns,
// whatever the error.
//
// The error is nil, or holds (see errors.As and errors.Is)
//   - a [*NotRunError] if not one vector could be asked,
//   - a [*LeftoverError] for each bucket that could not be tidied up,
//   - the error of ctx if it ended the run. What was not asked by then has the verdict
//     Error. What Run has made is deleted all the same.
func Run(ctx context.Context, target Target, opts Options) ([]Result, error) {
	return nil, &NotRunError{"nothing was asked"}
}
