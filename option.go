package s3cors

import "slices"

// An Option selects a behaviour other than Amazon S3's own. Without options every
// function of this package does what Amazon S3 does.
//
// Every function whose result depends on the kind of server takes options, so that a
// server can hand one list to all of them. Each option says which functions heed it;
// the others ignore it. A nil Option selects nothing.
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

// WithDialect selects the kind of server whose behaviour counts. Every function that
// takes options heeds it. Of several such options the last one counts.
//
// Use one dialect for all that belongs to a bucket: Ceph accepts configurations that
// Amazon S3 refuses, and the reverse.
func WithDialect(d Dialect) Option {
	return func(s *settings) { s.server, s.dialect = d, d.quirks() }
}

// DialectOf returns the dialect that the options select, or Amazon if they select
// none. It is for packages that serve what this package decides.
func DialectOf(opts ...Option) Dialect { return newSettings(opts).server }

// dialectOf is newSettings for the dialect alone. Without options it allocates nothing.
func dialectOf(opts []Option) *dialect {
	if len(opts) == 0 {
		return amazon
	}
	return newSettings(opts).dialect
}

// VaryAlways makes a policy send Vary on every actual request that goes on, even
// where no rule matches and where there is no Origin.
//
// S3 sends Vary only together with the other fields. A cache can therefore keep an
// answer without CORS fields, and serve it to an origin for which a rule would match.
//
// Compile, CompileStored, NoConfiguration, NoSuchBucket and Unavailable heed it.
func VaryAlways() Option {
	return func(s *settings) { s.vary = varyAlways }
}

// VaryConfigured makes a policy send Vary as VaryAlways does, if the bucket has a
// configuration. For every other bucket the policy does what S3 does.
//
// With it the answer to a request without Origin depends on the bucket, so a server
// looks for the policy of the bucket for these requests as well.
//
// Compile, CompileStored, NoConfiguration, NoSuchBucket and Unavailable heed it.
func VaryConfigured() Option {
	return func(s *settings) { s.vary = varyConfigured }
}

// UniformRefusals makes a policy refuse a preflight with the same words whether the
// bucket does not exist, has no configuration, or has no rule that matches. They are
// the words for the last. The Outcome still tells which of these it was.
//
// S3 has different words for each, and so tells anybody which buckets exist.
//
// Compile, CompileStored, NoConfiguration and NoSuchBucket heed it.
func UniformRefusals() Option {
	return func(s *settings) { s.uniform = true }
}

// ExposeAlso makes a policy expose the named response headers of actual requests,
// beside those of the rule that matched. Preflights stay as they are: a browser reads
// Access-Control-Expose-Headers on the answers to actual requests alone. A name that the rule lists already, in whatever case of letters,
// is not repeated. A name that is no name of a header is left out.
//
// S3 exposes only what the rule lists.
//
// Compile and CompileStored heed it.
func ExposeAlso(names ...string) Option {
	names = slices.Clone(names)
	return func(s *settings) { s.exposeAlso = append(s.exposeAlso, names...) }
}

// PassInvalid makes a policy let an actual request go on, without CORS fields, if its
// Access-Control-Request-Method or Access-Control-Request-Headers is invalid or too
// long. The Outcome still tells what is wrong.
//
// S3 refuses such a request with status 400.
//
// Compile, CompileStored, NoConfiguration, NoSuchBucket and Unavailable heed it.
func PassInvalid() Option {
	return func(s *settings) { s.passInvalid = true }
}
