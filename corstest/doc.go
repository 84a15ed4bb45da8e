// Package corstest tests the CORS of a storage server, or of anything that decides what
// such a server would answer, against what is known of Amazon S3 and of Ceph.
//
// [TestHandler] tests a whole server, given as an http.Handler. [TestEvaluator] tests a
// function that takes a configuration and a request and says the answer. Each vector of
// package vectors is a subtest, named by its id, so that
//
//	go test -run 'TestCORS/^op-put$' -v
//
// shows one. A server in another language is tested by the command s3cors conformance.
//
// A vector that must hold fails the test if it does not hold. One that should or may hold
// (see [conformance.LevelOf]) is told of, and skipped; with Options.Strict it fails the
// test as well.
package corstest
