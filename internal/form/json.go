package form

// ofJSON names a text that begins with "{" or "[".
func ofJSON(text []byte) Form {
	o := outlineOf(text)
	for _, rule := range jsonForms {
		if rule.is(o) {
			return rule.form
		}
	}
	return Unknown
}

// jsonForms tell forms apart: the first one whose test holds is the form. The plain
// signs come first, such as a key that only one form has; what looks much like S3's
// own forms comes behind S3's own wrappers.
var jsonForms = []struct {
	form Form
	is   func(o *outline) bool
}{
	{HAR, func(o *outline) bool { return o.has("log", "entries") }},
	{OpenAPI, func(o *outline) bool { return o.top("openapi") || o.top("swagger") }},
	{BucketPolicy, func(o *outline) bool {
		return o.top("Statement") || o.top("Policy") && o.any("Statement") || o.array && o.has("", "Effect") && o.has("", "Action")
	}},
	{Template, func(o *outline) bool {
		return isTemplate(o) && o.any("CorsRules")
	}},
	{OtherTemplate, isTemplate},
	{CloudFront, func(o *outline) bool { return o.any("AccessControlAllowOrigins", "ResponseHeadersPolicyConfig") }},
	{TerraformJSON, isTerraform},
	{B2, func(o *outline) bool { return o.any("allowedOperations", "corsRuleName") }},
	{R2, isR2},
	{AzureJSON, func(o *outline) bool { return o.any("maxAgeInSeconds", "MaxAgeInSeconds") }},
	{Response, func(o *outline) bool { return o.top("CORSRules") && o.any("ResponseMetadata", "$metadata") }},
	{Parameters, func(o *outline) bool {
		return o.top("CORSConfiguration") && !o.topOnly("CORSConfiguration", "CORSRules") ||
			o.top("CORSRules") && o.top("Bucket")
	}},
	{Nested, func(o *outline) bool { return o.top("CORSConfiguration") }},
	{CLI, func(o *outline) bool { return o.top("CORSRules") }},
	{LambdaURL, func(o *outline) bool {
		return !o.array && isGateway(o) && o.any("FunctionUrl", "FunctionArn", "FunctionName")
	}},
	{APIGateway, func(o *outline) bool { return !o.array && isGateway(o) }},
	{CloudFormation, isCloudFormation},
	{Middleware, func(o *outline) bool { return o.any("preflightContinue", "optionsSuccessStatus") }},
	{GCS, isGCS},
	{OtherS3JSON, isOtherS3},
	{WebHost, func(o *outline) bool { return o.any("headers") && o.any("source", "for") }},
	{CDK, isCDK},
	{SmallLetters, isSmallLetters},
	{CLI, func(o *outline) bool { return o.top("corsRules") || o.top("cors_rules") || o.top("CORSrules") }},
	{SingleRule, func(o *outline) bool { return !o.array && (isRule(o, "", 1)) }},
	{Console, func(o *outline) bool { return o.array && (len(o.keys) == 0 || isRule(o, "", 2) || isRule(o, "", 3)) }},
	{CLI, func(o *outline) bool { return !o.array && len(o.keys) == 0 }},
}

// isRule reports whether the objects at that place have a key that a rule has, in
// some spelling.
func isRule(o *outline, parent string, depth int) bool {
	for k := range o.keys {
		if k.parent == parent && k.depth == depth && ruleKeys[plain(k.name)] {
			return true
		}
	}
	return false
}

// ruleKeys are the names of a rule's members, as plain returns them.
var ruleKeys = map[string]bool{
	"allowedorigins": true, "allowedorigin": true, "alloworigins": true, "alloworigin": true,
	"allowedmethods": true, "allowedmethod": true, "allowmethods": true, "allowmethod": true,
	"allowedheaders": true, "allowedheader": true, "allowheaders": true, "allowheader": true,
	"exposeheaders": true, "exposeheader": true, "exposedheaders": true, "exposedheader": true,
	"maxageseconds": true, "maxage": true,
}

// plain returns a name in small letters, without the signs between its words.
func plain(name string) string {
	b := make([]byte, 0, len(name))
	for i := range len(name) {
		switch c := name[i]; {
		case 'A' <= c && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c != '_' && c != '-' && c != ' ':
			b = append(b, c)
		}
	}
	return string(b)
}

func isTemplate(o *outline) bool {
	return o.top("AWSTemplateFormatVersion") || o.top("Resources") && o.any("Type", "Properties")
}

func isTerraform(o *outline) bool {
	return o.any("cors_rule", "allowed_origins", "allowed_methods", "aws_s3_bucket_cors_configuration", "terraform_version")
}

func isR2(o *outline) bool {
	return o.has("allowed", "origins") || o.has("allowed", "methods") || o.has("allowed", "headers")
}

func isGateway(o *outline) bool {
	for _, parent := range []string{"", "Cors", "CorsConfiguration", "cors", "corsConfiguration"} {
		for _, name := range []string{"AllowOrigins", "AllowMethods", "AllowCredentials", "allowOrigins", "allowMethods", "allowCredentials"} {
			if o.has(parent, name) {
				return true
			}
		}
	}
	return o.any("x-amazon-apigateway-cors")
}

// isCloudFormation takes a list of rules for CloudFormation's if two names say so,
// since one alone is a slip that people make in S3's own form.
func isCloudFormation(o *outline) bool {
	if o.any("CorsRules") || o.top("CorsConfiguration") {
		return true
	}
	signs := 0
	for _, name := range []string{"Id", "ExposedHeaders", "MaxAge"} {
		if o.any(name) && !o.any("CORSRules", "ID", "ExposeHeaders", "MaxAgeSeconds") {
			signs++
		}
	}
	return signs >= 2
}

func isGCS(o *outline) bool {
	if o.any("responseHeader", "response_header") {
		return true
	}
	return o.any("origin") && o.any("method", "maxAgeSeconds") && !o.any("AllowedOrigins", "AllowedMethods")
}

// isOtherS3 knows the configurations of a bucket that people mistake for each other.
func isOtherS3(o *outline) bool {
	switch {
	case o.top("Grants"), o.top("BlockPublicAcls"), o.top("PublicAccessBlockConfiguration"),
		o.top("IndexDocument"), o.top("WebsiteConfiguration"), o.top("TagSet"), o.top("ServerSideEncryptionConfiguration"),
		o.top("LambdaFunctionConfigurations"), o.top("QueueConfigurations"), o.top("TopicConfigurations"),
		o.top("ReplicationConfiguration"), o.top("LoggingEnabled"):
		return true
	}
	return o.top("Rules") && o.any("Expiration", "Transitions", "ApplyServerSideEncryptionByDefault", "ObjectOwnership", "Destination")
}

// isCDK takes rules for those of the CDK if a name says so that S3 has not, even in
// small letters.
func isCDK(o *outline) bool {
	if isCapital(o) || !o.any("allowedOrigins", "allowedMethods") {
		return false
	}
	return o.any("exposedHeaders", "maxAge") || o.top("cors")
}

func isSmallLetters(o *outline) bool {
	return o.any("allowedOrigins", "allowedMethods") && !isCapital(o)
}

// isCapital reports whether a name of a rule is there as S3 writes it.
func isCapital(o *outline) bool {
	return o.any("AllowedOrigins", "AllowedMethods", "AllowedHeaders", "ExposeHeaders", "MaxAgeSeconds")
}
