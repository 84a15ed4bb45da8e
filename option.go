package s3cors

import "slices"

// An Option selects a behaviour other than Amazon S3's own. Without options
// every function of this package does what Amazon S3 does.
//
// Whatever depends on the kind of server takes options, so that one list can be
// handed to all of them; each option says which functions heed it. A nil Option
// selects nothing.
type Option func(*settings)

// settings are what options select; the zero value of each field but dialect is
// what Amazon S3 does.
type settings struct {
	server      Dialect
	dialect     *dialect // that of server
	vary        varyStrength
	passInvalid bool
	uniform     bool
	exposeAlso  []string
}

// A varyStrength tells on which actual requests Vary is sent.
type varyStrength uint8

const (
	varyGranted    varyStrength = iota // S3's own
	varyConfigured                     // also where no rule matches
	varyAlways
)

func newSettings(opts []Option) settings {
	s := settings{dialect: amazon}
	for _, opt := range opts {
		if opt != nil {
			opt(&s)
		}
	}
	return s
}

// WithDialect makes all that is read, judged, printed, decided and said be that of
// another kind of server. Whatever takes options heeds it: Parse, ParseXML,
// ParseJSON, ParseDocument, Validate, AppendXML, AppendStoredXML, AppendJSON,
// Compile, CompileStored, NoConfiguration, NoSuchBucket, Unavailable, and what is
// said of errors. Of several, the last one counts.
//
// What is made with a dialect belongs together: a configuration that Ceph accepts
// need not be one that Amazon S3 accepts.
func WithDialect(d Dialect) Option {
	return func(s *settings) { s.server, s.dialect = d, d.quirks() }
}

// DialectOf returns the dialect that the options select, Amazon if they select
// none: for packages that serve what this package decides.
func DialectOf(opts ...Option) Dialect { return newSettings(opts).server }

// VaryAlways makes a policy send Vary on every actual request that goes on, also
// where no rule matches and where there is no Origin.
//
// It deviates from S3, which sends Vary with the other headers or not at all, so
// that a cache may keep an answer without CORS headers and serve it to another
// origin. Compile, CompileStored, NoConfiguration, NoSuchBucket and Unavailable
// heed it.
func VaryAlways() Option {
	return func(s *settings) { s.vary = varyAlways }
}

// VaryConfigured is VaryAlways for buckets that have a configuration, and S3's own
// behaviour for all others. It needs the policy of the bucket also for requests
// without an Origin.
func VaryConfigured() Option {
	return func(s *settings) { s.vary = varyConfigured }
}

// UniformRefusals makes a policy refuse a preflight in the same words whether the
// bucket does not exist, has no configuration, or has no rule that matches: those
// of the last. The outcome still says which it was.
//
// It deviates from S3, whose refusals tell these apart, and so tell anybody which
// buckets exist. Compile, CompileStored, NoConfiguration and NoSuchBucket heed it.
func UniformRefusals() Option {
	return func(s *settings) { s.uniform = true }
}

// ExposeAlso makes a policy expose these response headers beside those of the rule
// that matched. A name that the rule lists already, in whatever case, is not
// repeated, and one that is no name of a header is left out.
//
// It deviates from S3, which exposes what the rule lists. Compile and CompileStored
// heed it.
func ExposeAlso(names ...string) Option {
	names = slices.Clone(names)
	return func(s *settings) { s.exposeAlso = append(s.exposeAlso, names...) }
}

// PassInvalid makes a policy let an actual request go on, without CORS headers,
// whose Access-Control-Request-Method or Access-Control-Request-Headers is
// invalid or too long. The outcome still says what is wrong.
//
// It deviates from S3, which refuses such a request with status 400. Compile,
// CompileStored, NoConfiguration, NoSuchBucket and Unavailable heed it.
func PassInvalid() Option {
	return func(s *settings) { s.passInvalid = true }
}
