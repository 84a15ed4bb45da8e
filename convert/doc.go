// Package convert reads and writes bucket CORS in the formats that people have it in:
// those of S3, of the tools that set up buckets, and of other object stores.
//
// [Read] makes an s3cors.Configuration of a document, and [Write] makes a document of a
// configuration. Both tell what does not come through, by path: nothing is dropped in
// silence. [Merge] adds the rules of one configuration to another.
//
// The page docs/convert.md names each member in each format, and all that is lost.
//
// # Losses and notes
//
// A loss is what the result does not do of what the source says. A source may say what
// S3 has no counterpart for; a target may not take what S3 takes, or may read it
// otherwise, and then it is not written. A note is something else to know, such as a
// name that a target asks for and S3 does not have.
//
// # Laws
//
// Write, and Read of what was written, give the configuration back, but for the paths
// of the losses and the notes. Write, Read and Write again give the same text. Fuzz tests
// hold all formats to both.
//
// # Security
//
// Documents are bounded by [MaxBytes] and by [MaxValues], and are read in linear time.
// No input makes this package panic. YAML and HCL are not read.
package convert
