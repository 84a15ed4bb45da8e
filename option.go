package s3cors

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
	dialect     *dialect
	varyAlways  bool
	passInvalid bool
}

func newSettings(opts []Option) settings {
	s := settings{dialect: &amazon}
	for _, opt := range opts {
		if opt != nil {
			opt(&s)
		}
	}
	return s
}

// VaryAlways makes a policy send Vary on every actual request that goes on, also
// where no rule matches and where there is no Origin.
//
// It deviates from S3, which sends Vary with the other headers or not at all
// (5.2/no-match, 5.2/no-origin), so that a cache may keep an answer without CORS
// headers and serve it to another origin. Compile and NoSuchBucket heed it.
func VaryAlways() Option {
	return func(s *settings) { s.varyAlways = true }
}

// PassInvalid makes a policy let an actual request go on, without CORS headers,
// whose Access-Control-Request-Method or Access-Control-Request-Headers is
// invalid or too long. The outcome still says what is wrong.
//
// It deviates from S3, which refuses such a request with status 400
// (4.2/method-actual, 4.2/invalid-header-actual). Compile and NoSuchBucket heed it.
func PassInvalid() Option {
	return func(s *settings) { s.passInvalid = true }
}
