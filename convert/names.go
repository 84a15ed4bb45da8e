package convert

import "strings"

// The members of a rule, by their names in S3's JSON.
const (
	memberID             = "ID"
	memberAllowedOrigins = "AllowedOrigins"
	memberAllowedMethods = "AllowedMethods"
	memberAllowedHeaders = "AllowedHeaders"
	memberExposeHeaders  = "ExposeHeaders"
	memberMaxAgeSeconds  = "MaxAgeSeconds"
)

// A vocabulary is how a foreign format in JSON names the members of a rule.
type vocabulary struct {
	system string // whose words these are
	// members maps the names to S3's. A dot stands between the name of an object and
	// that of a member in it.
	members map[string]string
	// nullable says that null stands for absence.
	nullable bool
	// loose says that a number may stand as a string.
	loose bool
}

var vocabularies = map[Format]*vocabulary{
	CloudFormation: {system: "CloudFormation", loose: true, members: map[string]string{
		"Id":             memberID,
		"AllowedOrigins": memberAllowedOrigins,
		"AllowedMethods": memberAllowedMethods,
		"AllowedHeaders": memberAllowedHeaders,
		"ExposedHeaders": memberExposeHeaders,
		"MaxAge":         memberMaxAgeSeconds,
	}},
	// Pulumi, ACK and Crossplane have S3's words in camelCase, which differ from the
	// CDK's in two.
	CDK: {system: "the CDK", members: map[string]string{
		"id":             memberID,
		"allowedOrigins": memberAllowedOrigins,
		"allowedMethods": memberAllowedMethods,
		"allowedHeaders": memberAllowedHeaders,
		"exposedHeaders": memberExposeHeaders,
		"exposeHeaders":  memberExposeHeaders,
		"maxAge":         memberMaxAgeSeconds,
		"maxAgeSeconds":  memberMaxAgeSeconds,
	}},
	TerraformJSON: {system: "Terraform", nullable: true, loose: true, members: map[string]string{
		"id":              memberID,
		"allowed_origins": memberAllowedOrigins,
		"allowed_methods": memberAllowedMethods,
		"allowed_headers": memberAllowedHeaders,
		"expose_headers":  memberExposeHeaders,
		"max_age_seconds": memberMaxAgeSeconds,
	}},
	// The resources of Terraform for R2 and for Google Cloud Storage have their own
	// systems' words, in snake_case where they are of two words.
	R2: {system: "R2", members: map[string]string{
		"id":              memberID,
		"allowed.origins": memberAllowedOrigins,
		"allowed.methods": memberAllowedMethods,
		"allowed.headers": memberAllowedHeaders,
		"exposeHeaders":   memberExposeHeaders,
		"expose_headers":  memberExposeHeaders,
		"maxAgeSeconds":   memberMaxAgeSeconds,
		"max_age_seconds": memberMaxAgeSeconds,
	}},
	GCS: {system: "Google Cloud Storage", nullable: true, members: map[string]string{
		"origin":          memberAllowedOrigins,
		"method":          memberAllowedMethods,
		"responseHeader":  memberAllowedHeaders, // and ExposeHeaders
		"response_header": memberAllowedHeaders,
		"maxAgeSeconds":   memberMaxAgeSeconds,
		"max_age_seconds": memberMaxAgeSeconds,
	}},
	B2: {system: "B2", nullable: true, members: map[string]string{
		"corsRuleName":      memberID,
		"allowedOrigins":    memberAllowedOrigins,
		"allowedOperations": memberAllowedMethods,
		"allowedHeaders":    memberAllowedHeaders,
		"exposeHeaders":     memberExposeHeaders,
		"maxAgeSeconds":     memberMaxAgeSeconds,
	}},
}

// isGroup reports whether name is that of an object with members of the rule in it.
func (v *vocabulary) isGroup(name string) bool {
	for known := range v.members {
		if strings.HasPrefix(known, name+".") {
			return true
		}
	}
	return false
}

// meant returns the name that was probably meant by one that is not known, "" if
// none is near: it is another system's word for the same.
func (v *vocabulary) meant(name string) string {
	stem := stemOf(name)
	if stem == "" {
		return ""
	}
	best := ""
	for known := range v.members {
		if stemOf(known) == stem && (best == "" || known < best) {
			best = known
		}
	}
	return best
}

// wordSigns are the signs between the words of a name.
var wordSigns = strings.NewReplacer("_", "", "-", "")

// longestName is longer than any name that a member has anywhere.
const longestName = 32

// nameOf returns the name of a member, the first one if it has several.
func (v *vocabulary) nameOf(member string) string {
	best := ""
	for name, known := range v.members {
		if known == member && (best == "" || name < best) {
			best = name
		}
	}
	return best
}

// stemOf returns what the names of a member have in common in all vocabularies, ""
// for a name of none: ExposedHeaders and expose_header are both "exposeheader".
func stemOf(name string) string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	if len(name) > longestName {
		return ""
	}
	plain := strings.ToLower(wordSigns.Replace(name))
	plain = strings.TrimSuffix(strings.TrimSuffix(plain, "seconds"), "sec")
	plain = strings.TrimSuffix(strings.Replace(plain, "exposed", "expose", 1), "s")
	if stem, ok := stems[plain]; ok {
		return stem
	}
	return ""
}

var stems = map[string]string{
	"id": memberID, "ruleid": memberID, "corsrulename": memberID,
	"allowedorigin": memberAllowedOrigins, "alloworigin": memberAllowedOrigins, "origin": memberAllowedOrigins,
	"allowedmethod": memberAllowedMethods, "allowmethod": memberAllowedMethods, "method": memberAllowedMethods, "allowedoperation": memberAllowedMethods,
	"allowedheader": memberAllowedHeaders, "allowheader": memberAllowedHeaders, "header": memberAllowedHeaders,
	"exposeheader": memberExposeHeaders, "responseheader": memberExposeHeaders,
	"maxage": memberMaxAgeSeconds, "maxagein": memberMaxAgeSeconds,
}

// isCredentials reports whether name is that of a switch for credentials, which many
// systems have and S3 has not.
func isCredentials(name string) bool {
	name = name[strings.LastIndexByte(name, '.')+1:]
	if len(name) > longestName {
		return false
	}
	switch strings.ToLower(wordSigns.Replace(name)) {
	case "allowcredentials", "credentials", "allowedcredentials", "allowscredentials", "supportscredentials":
		return true
	}
	return false
}
