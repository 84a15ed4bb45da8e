// Package lint finds what S3 accepts and nobody meant: origins that no browser sends,
// rules that no request reaches, headers that scripts need and cannot read,
// patterns that admit foreign hosts. It names what S3 refuses in the same terms.
//
// [Check] reads a document and returns what it found as [Finding] values, each with a
// stable code, a severity, its place, a sentence, and where that is mechanical, a
// patch. Nothing that it says changes what S3 answers: a bucket with findings works
// as S3 would have it work.
//
// # Severities
//
// An [Error] is what S3 refuses, or what it keeps and no browser can meet. Security
// findings open a bucket to more than was probably meant. A [Warning] is very
// probably a mistake. Portability findings work on Amazon S3 and fail elsewhere.
// Everything else is [Info]. A configuration without an error, a security finding or
// a warning is called silent; those that Amazon's own guides print are silent.
//
// # Profiles
//
// A [Profile] says what a configuration is for, and raises what matters then: a
// multipart upload cannot finish where ETag is not exposed, and nobody else cares.
//
// # Proofs
//
// An entry or a rule is called dead (S3C112, S3C113, S3C115) only where no request at
// all can show that it is there, and where the configuration stays valid without
// it. So every dead part can go. The opposite does not hold: what is dead for a
// reason that takes several rules together is not found.
package lint
