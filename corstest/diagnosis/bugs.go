package diagnosis

// A bug is a class of bugs that real servers and middleware had.
type bug struct {
	Name  string
	Title string   // in plain words, to whoever has it
	Seen  []string // who had it, where it is told of, or where it was mended
}

// bugs are all classes: of evaluators, of documents (doc-), and of servers (srv-). Those
// without a fingerprint cannot be seen over HTTP; they are here to be named.
//
// An address of an issue leads to the pull request if it is one.
var bugs = []bug{
	{"by-origin-only", "you choose the rule by its origin alone: the first rule that lists the origin decides, and no later rule is tried", []string{
		"Ceph RGW",
		"https://github.com/ceph/ceph/issues/69190",
		"SeaweedFS",
	}},
	{"by-origin-and-method", "you choose the rule by its origin and method, and test the requested headers only after that: no later rule is tried", []string{
		"s3rver",
	}},
	{"last-rule-wins", "you let the last rule that matches decide, not the first", []string{
		"moto",
		"https://github.com/getmoto/moto/issues/4497",
	}},
	{"first-rule-only", "you look at the first rule only", []string{
		"https://github.com/localstack/localstack/issues/434",
	}},
	{"rules-merged", "you merge the rules of an origin into one: methods and headers of all of them are sent and allowed", []string{
		"moto",
		"https://github.com/getmoto/moto/issues/4497",
	}},
	{"specific-first", "you prefer a rule that lists the origin itself to an earlier rule with a pattern", []string{
		"https://github.com/getmoto/moto/issues/4497",
	}},
	{"star-bare-only", "you know a star only where it stands alone: a pattern such as https://*.example.com is compared as a literal", []string{
		"Garage",
		"https://github.com/localstack/localstack/issues/10090",
		"https://github.com/c15t/c15t/issues/788",
		"https://github.com/gin-contrib/cors/issues/80",
	}},
	{"star-after-scheme-only", "you know a star only right behind http:// or https://, not elsewhere in a pattern", []string{
		"SeaweedFS",
	}},
	{"star-nonempty", "you want the star of an origin to stand for one character at least", []string{
		"LocalStack",
		"https://github.com/gofiber/fiber/issues/4455",
	}},
	{"star-one-label", "you end the star of an origin at a dot", nil},
	{"star-no-slash", "you end the star of an origin at a slash", []string{
		"https://github.com/nhost/nhost/issues/4373",
	}},
	{"star-no-port", "you end the star of an origin at a colon, so that it matches no port", []string{
		"Cloudflare R2",
		"https://github.com/cloudflare/cloudflare-docs/issues/32888",
	}},
	{"overlap", "you let the text before a star and the text behind it share characters of the origin", []string{
		"Ceph RGW",
		"SeaweedFS",
		"CloudServer",
	}},
	{"no-end-anchor", "you accept an origin that only begins as a rule says", []string{
		"https://github.com/ashleysommer/sanic-cors/issues/68",
		"https://www.cve.org/CVERecord?id=CVE-2026-37737",
		"https://github.com/Kludex/starlette/issues/801",
		"https://github.com/google/clusterfuzz/issues/5303",
		"https://www.cve.org/CVERecord?id=CVE-2022-3457",
	}},
	{"substring", "you accept an origin that has the text of a rule anywhere in it", []string{
		"https://github.com/hitesh-kumar123/Travel-Plans-/issues/545",
		"https://github.com/monsur/enable-cors.org/issues/75",
	}},
	{"literal-suffix", "you accept an origin that only ends like one that is listed", []string{
		"https://github.com/octos-org/octos/issues/192",
		"https://github.com/x-ordo/relationship-calculator/issues/57",
		"https://github.com/openscan-explorer/explorer/issues/364",
	}},
	{"dot-any", "you let the dot of a pattern stand for any character, because the pattern goes into a regular expression unescaped", []string{
		"https://github.com/google/clusterfuzz/issues/5303",
	}},
	{"trailing-star-eats", "you drop the character before a star at the end of a pattern", []string{
		"https://github.com/gin-contrib/cors/issues/106",
		"https://www.cve.org/CVERecord?id=CVE-2019-25211",
		"https://github.com/golang/vulndb/issues/2955",
	}},
	{"shared-suffix", "you admit two listed hosts written one behind the other", []string{
		"https://github.com/golang/vulndb/issues/2806",
		"https://github.com/advisories/GHSA-vhxv-fg4m-p2w8",
		"https://github.com/golang/vulndb/issues/2807",
	}},
	{"short-origin-crash", "you crash on an Origin that is shorter than the text of a pattern", []string{
		"https://github.com/ceph/ceph/issues/12381",
	}},
	{"origin-must-parse", "you fail where an Origin is no URL, instead of comparing it as text", []string{
		"https://github.com/spring-projects/spring-framework/issues/33682",
		"https://github.com/adamchainz/django-cors-headers/issues/701",
	}},
	{"origin-nocase", "you compare origins without regard to case", nil},
	{"origin-trim-slash", "you forgive a slash at the end of an origin", []string{
		"https://github.com/gofiber/fiber/issues/2915",
	}},
	{"default-port", "you take the default port for no port: https://h:443 for https://h", nil},
	{"scheme-ignored", "you ignore the scheme of an origin", []string{
		"https://github.com/c15t/c15t/issues/788",
		"https://github.com/azukaar/Cosmos-Server/issues/543",
	}},
	{"null-never", "you never admit the origin null, even where it is listed or under *", []string{
		"https://github.com/lomigmegard/akka-http-cors/issues/43",
	}},
	{"null-always", "you always admit the origin null, whatever is listed", nil},
	{"referer", "you take the Referer where there is no Origin", nil},
	{"empty-origin-present", "you take an empty Origin for an origin", []string{
		"https://github.com/go-chi/cors/issues/38",
	}},
	{"reflect-any", "you send every origin back, whatever the rules say", []string{
		"RustFS",
		"https://www.cve.org/CVERecord?id=CVE-2026-46685",
		"MinIO",
		"https://github.com/floci-io/floci-gcp/issues/99",
	}},
	{"reflect-star", "you answer the origin itself, with credentials, where the rule lists *", []string{
		"MinIO",
		"SeaweedFS",
		"rs/cors",
		"https://www.cve.org/CVERecord?id=CVE-2018-20744",
		"https://github.com/labstack/echo/issues/2400",
		"https://github.com/gofiber/fiber/issues/2338",
		"https://www.cve.org/CVERecord?id=CVE-2024-25124",
		"https://github.com/tower-rs/tower-http/issues/244",
	}},
	{"cred-with-star", "you send Access-Control-Allow-Credentials: true beside Access-Control-Allow-Origin: *", []string{
		"s3rver",
		"https://github.com/floci-io/floci/issues/1832",
		"https://github.com/tower-rs/tower-http/issues/194",
	}},
	{"cred-false-with-star", "you send Access-Control-Allow-Credentials: false beside Access-Control-Allow-Origin: *", []string{
		"versitygw",
	}},
	{"cred-never", "you never send Access-Control-Allow-Credentials", []string{
		"SeaweedFS",
		"Garage",
		"gofakes3",
	}},
	{"cred-exact-only", "you send Access-Control-Allow-Credentials for origins listed literally only, not for those that a pattern admits", []string{
		"https://github.com/quarkusio/quarkus/issues/43736",
	}},
	{"authorization-means-echo", "you answer the origin instead of * where the request has an Authorization", []string{
		"Ceph RGW",
		"https://github.com/ceph/ceph/issues/8441",
	}},
	{"star-by-list-order", "you answer * only where * stands before the origin in the rule's list", []string{
		"versitygw",
	}},
	{"pattern-gives-star", "you answer * where a pattern admits the origin", []string{
		"s3rver",
	}},
	{"acao-joined", "you put all origins of the rule into Access-Control-Allow-Origin", []string{
		"Garage",
		"moto",
		"https://github.com/getmoto/moto/issues/6007",
		"https://github.com/azukaar/Cosmos-Server/issues/543",
	}},
	{"acao-pattern", "you put the text of the rule into Access-Control-Allow-Origin instead of the origin", []string{
		"https://github.com/noobaa/noobaa-core/issues/8968",
	}},
	{"acao-star-on-preflight", "you answer every preflight with Access-Control-Allow-Origin: *", []string{
		"s3rver",
	}},
	{"acao-twice", "you send Access-Control-Allow-Origin twice", []string{
		"https://github.com/adobe/S3Mock/issues/74",
		"https://github.com/localstack/localstack/issues/1612",
		"https://github.com/rs/cors/issues/143",
		"https://github.com/traefik/traefik/issues/6014",
		"https://github.com/caddyserver/caddy/issues/1073",
		"https://github.com/hackclub/cdn/issues/100",
	}},
	{"acao-null-on-mismatch", "you send Access-Control-Allow-Origin: null to an origin that no rule admits", []string{
		"https://github.com/traefik/traefik/issues/5567",
	}},
	{"vary-absent", "you send no Vary", []string{
		"https://github.com/gin-contrib/cors/issues/8",
		"https://github.com/seaweedfs/seaweedfs/issues/7544",
		"https://github.com/larskuhtz/wai-cors/issues/1",
		"static-web-server",
	}},
	{"vary-origin-only", "you send Vary: Origin only, without the two request headers of a preflight", []string{
		"SeaweedFS",
		"Ceph RGW",
	}},
	{"vary-order", "you list the members of Vary in another order", []string{
		"rs/cors",
		"MinIO",
		"Spring",
	}},
	{"vary-absent-on-preflight", "you send no Vary with preflights", []string{
		"https://github.com/vert-x3/vertx-web/issues/2880",
		"https://github.com/cyu/rack-cors/issues/238",
		"https://github.com/cyu/rack-cors/issues/289",
	}},
	{"vary-without-origin-on-preflight", "you leave Origin out of the Vary of preflights", []string{
		"https://github.com/h3js/h3/issues/1396",
		"https://github.com/anomalyco/opencode/issues/26445",
	}},
	{"vary-origin-on-actual", "you send a Vary of Origin alone with actual requests", []string{
		"https://github.com/go-pkgz/rest/issues/44",
		"rs/cors",
	}},
	{"vary-absent-with-star", "you send no Vary beside Access-Control-Allow-Origin: *", []string{
		"https://github.com/seaweedfs/seaweedfs/issues/7547",
		"https://github.com/higress-group/higress/issues/4036",
		"https://github.com/gorilla/handlers/issues/114",
		"https://github.com/fastify/fastify-cors/issues/287",
	}},
	{"vary-only-several-origins", "you send Vary only where the rule lists several origins", []string{
		"https://github.com/gorilla/handlers/issues/244",
		"https://github.com/gorilla/handlers/issues/267",
		"https://github.com/corydolphin/flask-cors/issues/148",
		"https://github.com/sanic-org/sanic-ext/issues/274",
		"https://github.com/fastify/fastify-cors/issues/291",
	}},
	{"vary-on-mismatch", "you send Vary where no rule matches, which is right for caches and not what S3 does", []string{
		"SeaweedFS",
		"rs/cors",
		"https://github.com/gorilla/handlers/issues/248",
		"https://github.com/expressjs/cors/issues/330",
	}},
	{"vary-without-origin", "you send Vary to requests without Origin, which is right for caches and not what S3 does", []string{
		"https://github.com/seaweedfs/seaweedfs/issues/8071",
		"https://github.com/rs/cors/issues/10",
	}},
	{"acam-requested", "you put the requested method alone into Access-Control-Allow-Methods", []string{
		"MinIO",
		"https://github.com/noobaa/noobaa-core/issues/8968",
	}},
	{"acam-absent", "you send no Access-Control-Allow-Methods", []string{
		"https://github.com/envoyproxy/envoy/issues/37533",
		"https://github.com/seaweedfs/seaweedfs/issues/3496",
	}},
	{"acam-absent-on-actual", "you send no Access-Control-Allow-Methods with actual requests", []string{
		"s3rver",
		"https://github.com/PaloAltoNetworks/bahamut/issues/92",
	}},
	{"acam-options", "you add OPTIONS to Access-Control-Allow-Methods", []string{
		"https://github.com/floci-io/floci-gcp/issues/99",
		"https://github.com/mojatter/s2/issues/76",
	}},
	{"acam-fixed", "you send the same Access-Control-Allow-Methods whatever the rule lists", []string{
		"gofakes3",
		"https://github.com/floci-io/floci-gcp/issues/99",
		"https://github.com/noobaa/noobaa-core/issues/7342",
	}},
	{"acah-absent", "you send no Access-Control-Allow-Headers", []string{
		"https://github.com/versity/versitygw/issues/1486",
		"https://github.com/seaweedfs/seaweedfs/issues/3496",
	}},
	{"acah-rule-list", "you send the rule's headers in Access-Control-Allow-Headers instead of the requested ones", []string{
		"Garage",
	}},
	{"acah-rule-list-on-actual", "you send the rule's headers in Access-Control-Allow-Headers with actual requests", []string{
		"SeaweedFS",
	}},
	{"acah-star", "you send Access-Control-Allow-Headers: *", []string{
		"https://github.com/tower-rs/tower-http/issues/194",
	}},
	{"acah-case", "you keep the case of names in Access-Control-Allow-Headers", []string{
		"SeaweedFS",
	}},
	{"acah-raw", "you send Access-Control-Request-Headers back as it came", []string{
		"MinIO",
		"s3proxy",
	}},
	{"acah-absent-on-actual", "you send no Access-Control-Allow-Headers with actual requests", []string{
		"s3rver",
	}},
	{"header-case", "you compare names of headers with regard to case", []string{
		"Garage",
		"versitygw",
		"https://github.com/versity/versitygw/issues/1492",
		"https://github.com/corydolphin/flask-cors/issues/187",
		"https://github.com/mandarineorg/mandarinets/issues/278",
	}},
	{"header-star-bare-only", "you know a star in AllowedHeader only where it stands alone", []string{
		"Garage",
		"LocalStack",
		"s3proxy",
	}},
	{"header-star-trailing-only", "you know a star in AllowedHeader only at its end", []string{
		"SeaweedFS",
	}},
	{"header-prefix", "you accept a requested header that only begins like an allowed one", nil},
	{"no-allowed-headers-allows-all", "you let a rule without AllowedHeader allow every header", []string{
		"SeaweedFS",
	}},
	{"headers-unchecked", "you do not test the requested headers", []string{
		"Ceph RGW",
		"https://github.com/ceph/ceph/issues/18556",
	}},
	{"headers-unchecked-on-actual", "you do not test the requested headers of actual requests", []string{
		"MinIO",
		"SeaweedFS",
		"CloudServer",
	}},
	{"safelisted-allowed", "you allow some header names, such as Content-Type, without a rule", []string{
		"go-chi/cors",
		"rs/cors",
	}},
	{"origin-header-allowed", "you allow the header name Origin without a rule", []string{
		"https://github.com/go-chi/cors/issues/26",
		"https://github.com/go-chi/cors/issues/47",
		"rs/cors",
	}},
	{"not-split", "you take the list of requested headers for one name", []string{
		"https://github.com/noobaa/noobaa-core/issues/9776",
	}},
	{"any-name-suffices", "you accept the requested headers if one of them is allowed", []string{
		"https://github.com/noobaa/noobaa-core/issues/9776",
	}},
	{"one-entry-for-all", "you want one AllowedHeader to match all requested headers", []string{
		"https://github.com/noobaa/noobaa-core/issues/9776",
	}},
	{"split-no-trim", "you do not take the blank off that follows a comma in Access-Control-Request-Headers", []string{
		"https://github.com/seanmonstar/warp/issues/792",
		"https://github.com/jsdom/jsdom/issues/2439",
		"https://github.com/rs/cors/issues/186",
	}},
	{"empty-acrh-refused", "you refuse an Access-Control-Request-Headers that is empty", []string{
		"https://github.com/asm89/stack-cors/issues/30",
		"https://github.com/ant0ine/go-json-rest/issues/195",
		"https://github.com/ant0ine/go-json-rest/issues/201",
		"https://github.com/whatwg/fetch/issues/459",
		"https://github.com/sjanel/aeronet/issues/234",
	}},
	{"empty-is-a-token", "you take a request without requested headers for one that asks for the empty name", []string{
		"https://github.com/ant0ine/go-json-rest/issues/196",
	}},
	{"split-each-comma", "you keep the empty names between commas of Access-Control-Request-Headers", nil},
	{"drop-all-empty", "you drop the empty name at the start of Access-Control-Request-Headers", nil},
	{"first-line-only", "you read only the first line of a header", []string{
		"https://github.com/rs/cors/issues/186",
		"https://github.com/jub0bs/cors/issues/15",
	}},
	{"last-line-only", "you read only the last line of a header", nil},
	{"dedup-names", "you drop requested headers that are named twice", nil},
	{"sorted-names", "you sort the requested headers", nil},
	{"tokens-unchecked", "you let pass requested headers that are no names of headers", nil},
	{"acrm-ignored", "you ignore Access-Control-Request-Method", []string{
		"https://github.com/localstack/localstack/issues/4994",
		"https://github.com/localstack/localstack/issues/4398",
		"https://github.com/floci-io/floci-gcp/issues/99",
	}},
	{"method-unchecked", "you do not test the method", []string{
		"https://github.com/floci-io/floci-gcp/issues/99",
		"https://github.com/floci-io/floci-gcp/issues/101",
		"SeaweedFS",
	}},
	{"method-unchecked-on-actual", "you do not test the method of actual requests", []string{
		"https://github.com/nelmio/NelmioCorsBundle/issues/34",
	}},
	{"origin-unchecked-on-actual", "you do not test the origin of actual requests", []string{
		"https://github.com/nelmio/NelmioCorsBundle/issues/34",
		"https://github.com/nelmio/NelmioCorsBundle/issues/35",
	}},
	{"acrm-actual-ignored", "you ignore Access-Control-Request-Method on actual requests", []string{
		"MinIO",
		"SeaweedFS",
		"CloudServer",
		"Garage",
	}},
	{"acrh-actual-ignored", "you ignore Access-Control-Request-Headers on actual requests", []string{
		"s3rver",
		"MinIO",
		"SeaweedFS",
	}},
	{"invalid-actual-goes-on", "you let actual requests go on whose Access-Control-Request headers are not valid", []string{
		"MinIO",
		"SeaweedFS",
		"CloudServer",
	}},
	{"get-implies-head", "you let GET stand for HEAD", nil},
	{"options-implied", "you take OPTIONS for a method that every rule allows", []string{
		"https://github.com/rustfs/rustfs/issues/1386",
	}},
	{"acrm-upper", "you accept a requested method in lower case", []string{
		"s3rver",
		"https://github.com/expressjs/cors/issues/261",
	}},
	{"any-method-valid", "you take every requested method for valid: 403 in the place of 400", nil},
	{"patch-invalid", "you take the requested method PATCH for invalid: 400 in the place of 403", nil},
	{"no-acrm-400", "you answer 400 to a preflight that requests no method", []string{
		"ceph/s3-tests",
		"CloudServer",
		"versitygw",
		"https://github.com/fastify/fastify-cors/issues/96",
	}},
	{"no-acrm-200", "you answer 200 to a preflight that requests no method", []string{
		"https://github.com/rs/cors/issues/185",
		"https://github.com/minio/minio/issues/20379",
	}},
	{"no-origin-passes", "you let an OPTIONS without Origin pass", []string{
		"MinIO",
		"gofakes3",
		"https://github.com/spring-projects/spring-framework/issues/24327",
		"https://github.com/scireum/sirius-web/issues/415",
	}},
	{"no-origin-403", "you answer 403 to an OPTIONS without Origin", []string{
		"s3rver",
	}},
	{"preflight-authenticated", "you look at the credentials of preflights: Authorization, a cookie or a presigned URL", []string{
		"https://github.com/floci-io/floci/issues/2412",
		"https://github.com/gaul/s3proxy/issues/411",
		"https://github.com/localstack/localstack/issues/4056",
		"https://github.com/cloudflare/cloudflare-docs/issues/6003",
		"https://github.com/minio/minio/issues/10002",
	}},
	{"preflight-204", "you answer 204 to a granted preflight", []string{
		"versitygw",
		"MinIO",
		"https://github.com/rs/cors/issues/101",
		"https://github.com/koajs/cors/issues/41",
	}},
	{"mismatch-200", "you answer 200 to a preflight that no rule admits", []string{
		"https://github.com/dotnet/AspNetCore.Docs/issues/36526",
	}},
	{"mismatch-204", "you answer 204 to a preflight that no rule admits", []string{
		"rs/cors",
		"MinIO",
	}},
	{"mismatch-acao", "you send Access-Control-Allow-Origin with preflights that you refuse", []string{
		"SeaweedFS",
	}},
	{"actual-mismatch-403", "you refuse actual requests that no rule admits", []string{
		"https://github.com/ceph/ceph/issues/70697",
		"Spring",
	}},
	{"code-corsresponse", "you refuse preflights with another error code than AccessForbidden", []string{
		"s3rver",
		"https://github.com/jamhall/s3rver/issues/417",
		"https://github.com/floci-io/floci/issues/1865",
	}},
	{"error-without-elements", "you leave Method and ResourceType out of the refusal of a preflight", []string{
		"s3rver",
		"MinIO",
	}},
	{"method-element-options", "you say OPTIONS in the element Method of a refusal, whatever was requested", []string{
		"versitygw",
	}},
	{"type-always-object", "you say OBJECT in the element ResourceType of a refusal, also for a bucket", []string{
		"LocalStack",
	}},
	{"refusal-with-vary", "you send CORS headers or Vary with the refusal of a preflight", nil},
	{"unconfigured-grants", "you grant where a bucket has no configuration", []string{
		"Garage",
		"https://github.com/getmoto/moto/issues/8410",
		"https://github.com/localstack/localstack/issues/7038",
		"https://github.com/floci-io/floci/issues/1865",
	}},
	{"unconfigured-as-mismatch", "you refuse in the same way where a bucket has no configuration and where no rule matches", []string{
		"https://github.com/floci-io/floci/issues/1865",
	}},
	{"not-enabled-type-by-path", "you say OBJECT in the element ResourceType for a key in a bucket without a configuration", nil},
	{"missing-bucket-grants", "you grant where there is no such bucket", []string{
		"versitygw",
		"https://github.com/seaweedfs/seaweedfs/issues/8070",
		"https://github.com/seaweedfs/seaweedfs/issues/8078",
		"Garage",
	}},
	{"missing-bucket-404", "you answer 404 to a preflight for a bucket that does not exist", []string{
		"versitygw",
		"Ceph RGW",
		"CloudServer",
	}},
	{"bucket-before-method", "you look for the bucket before you test the requested method", nil},
	{"expose-absent", "you send no Access-Control-Expose-Headers", []string{
		"https://github.com/localstack/localstack/issues/520",
		"https://github.com/adobe/S3Mock/issues/1023",
		"https://github.com/gaul/s3proxy/issues/667",
	}},
	{"expose-absent-on-preflight", "you send no Access-Control-Expose-Headers with preflights", []string{
		"https://github.com/scireum/s3ninja/issues/37",
		"s3rver",
	}},
	{"expose-absent-on-actual", "you send no Access-Control-Expose-Headers with actual requests", []string{
		"https://github.com/getmoto/moto/issues/6371",
	}},
	{"expose-etag", "you expose ETag without a rule that says so", []string{
		"versitygw",
		"https://github.com/minio/minio/issues/1681",
		"S3Mock",
	}},
	{"expose-nospace", "you join the exposed headers without a blank", nil},
	{"expose-lower", "you write the exposed headers in lower case", nil},
	{"max-age-zero-dropped", "you leave Access-Control-Max-Age out where it is 0", []string{
		"LocalStack",
	}},
	{"max-age-absent", "you send no Access-Control-Max-Age", []string{
		"Garage",
		"https://github.com/NixOS/nixos-search/issues/153",
	}},
	{"max-age-absent-on-actual", "you send no Access-Control-Max-Age with actual requests", []string{
		"MinIO",
		"s3proxy",
		"https://github.com/NixOS/nixos-search/issues/153",
	}},
	{"max-age-absent-on-preflight", "you send no Access-Control-Max-Age with preflights", []string{
		"s3rver",
	}},
	{"max-age-default", "you send Access-Control-Max-Age where the rule does not set one", []string{
		"https://github.com/traefik/traefik/issues/7607",
	}},
	{"no-size-limit", "you set no limit to the length of Origin and of the Access-Control-Request headers", []string{
		"https://github.com/rs/cors/issues/170",
		"https://www.cve.org/CVERecord?id=CVE-2025-47908",
		"https://github.com/go-chi/cors/issues/36",
		"https://github.com/go-chi/cors/issues/48",
	}},
	{"sent-headers-checked", "you want the headers that an actual request carries to be allowed", []string{
		"https://github.com/jsdom/jsdom/issues/2027",
	}},
	{"private-network-granted", "you send Access-Control-Allow-Private-Network, which no rule can grant", []string{
		"https://github.com/rs/cors/issues/127",
		"https://github.com/rs/cors/issues/132",
	}},
	{"doc-two-stars-origin", "you accept two stars in an AllowedOrigin", []string{
		"versitygw",
		"https://github.com/versity/versitygw/issues/1870",
		"Garage",
	}},
	{"doc-two-stars-header", "you accept two stars in an AllowedHeader", []string{
		"versitygw",
	}},
	{"doc-expose-star", "you accept a star in an ExposeHeader", []string{
		"versitygw",
		"SeaweedFS",
		"Garage",
		"https://github.com/google/neuroglancer/issues/788",
	}},
	{"doc-101-rules", "you accept more than 100 rules", []string{
		"versitygw",
		"Garage",
		"https://github.com/ceph/ceph/issues/23434",
	}},
	{"doc-method-star", "you accept *, OPTIONS or PATCH for an AllowedMethod", []string{
		"https://github.com/jamhall/s3rver/issues/383",
		"https://github.com/rustfs/rustfs/issues/1386",
		"https://github.com/noobaa/noobaa-core/issues/8901",
	}},
	{"doc-method-case", "you accept an AllowedMethod in lower case", []string{
		"Garage",
		"minio-go",
	}},
	{"doc-rule-without-origin", "you accept a rule without AllowedOrigin or without AllowedMethod", []string{
		"versitygw",
		"https://github.com/versity/versitygw/issues/1863",
		"https://github.com/aws/aws-sdk-ruby/issues/357",
	}},
	{"doc-split-rule", "you accept a rule that is split into one rule for each field", []string{
		"https://github.com/aws/aws-sdk-js/issues/123",
	}},
	{"doc-unknown-element", "you skip elements that you do not know", []string{
		"https://github.com/TTLabs/EvaporateJS/issues/426",
		"https://github.com/red-hat-storage/ocs-ci/issues/12106",
	}},
	{"doc-element-order", "you want the elements of a rule in one order, or want a MaxAgeSeconds", []string{
		"https://github.com/open-io/swift3/issues/59",
	}},
	{"doc-optional-required", "you want an element of a rule that is optional", []string{
		"https://github.com/Azure/Azurite/issues/294",
	}},
	{"doc-namespace", "you want a namespace, or refuse one", []string{
		"LocalStack",
	}},
	{"doc-single-rule-object", "you do not take a single rule for a list of rules", []string{
		"https://github.com/localstack/localstack/issues/434",
	}},
	{"doc-empty-origin", "you refuse an empty AllowedOrigin", []string{
		"SeaweedFS",
		"CloudServer",
		"s3rver",
	}},
	{"doc-wrong-code", "you refuse documents with another error code", []string{
		"https://github.com/exoscale/pithos/issues/67",
		"SeaweedFS",
		"https://github.com/ceph/ceph/issues/19104",
	}},
	{"doc-max-age-zero-lost", "you lose a MaxAgeSeconds of 0", []string{
		"LocalStack",
	}},
	{"doc-id-lost", "you lose the ID of a rule, or want it to be unique", nil},
	{"doc-lists-as-sets", "you lose the order of lists, or what they hold twice", []string{
		"Terraform",
		"moto",
	}},
	{"doc-too-large", "you accept a document of more than 65,536 bytes", nil},
	{"srv-auth-first", "you authenticate before you answer preflights, which browsers do not sign", []string{
		"https://github.com/floci-io/floci/issues/2412",
		"https://github.com/gaul/s3proxy/issues/411",
		"https://github.com/localstack/localstack/issues/99",
		"https://github.com/localstack/localstack/issues/4056",
		"https://github.com/cloudflare/cloudflare-docs/issues/6003",
		"https://github.com/fastify/fastify-cors/issues/103",
		"https://github.com/arunaengine/aruna/issues/242",
	}},
	{"srv-options-unrouted", "you have no route for OPTIONS", []string{
		"https://github.com/findify/s3mock/issues/133",
		"https://github.com/minio/minio/issues/11148",
		"https://github.com/minio/minio/issues/9993",
		"https://github.com/rs/cors/issues/185",
		"https://github.com/gorilla/mux/issues/381",
		"https://github.com/uptrace/bunrouter/issues/33",
		"chimera",
	}},
	{"srv-preflight-redirected", "you redirect preflights, which browsers do not follow", []string{
		"https://github.com/attic-labs/noms/issues/3617",
		"https://github.com/authgear/authgear-server/issues/3205",
	}},
	{"srv-preflight-forwarded", "you let the application answer preflights that are refused", []string{
		"https://github.com/envoyproxy/envoy/issues/14233",
		"https://github.com/envoyproxy/envoy/issues/32947",
		"https://github.com/cyu/rack-cors/issues/85",
	}},
	{"srv-errors-without-fields", "you send errors without the CORS headers", []string{
		"https://github.com/nginx/nginx-s3-gateway/issues/159",
		"https://github.com/clebert/aws-simple/issues/75",
		"https://github.com/actix/actix-extras/issues/19",
		"https://github.com/Kludex/starlette/issues/1116",
		"versatiles-rs",
		"fake-s3",
	}},
	{"srv-panic-without-fields", "you send no CORS headers with the error that follows a panic", []string{
		"https://github.com/Kludex/starlette/issues/1175",
		"https://github.com/pocketpaw/pocketpaw/issues/2006",
	}},
	{"srv-timeout-without-fields", "you send no CORS headers with the answer of a timeout or of a rate limit", []string{
		"https://github.com/oasisprotocol/nexus/issues/849",
		"https://github.com/apex/up/issues/274",
	}},
	{"srv-304-without-fields", "you send 304 without the CORS headers", []string{
		"https://github.com/nelmio/NelmioCorsBundle/issues/32",
		"https://github.com/FreiFahren/FreiFahren/issues/470",
		"https://github.com/dotnet/aspnetcore/issues/10583",
		"https://github.com/remotestorage/spec/issues/100",
	}},
	{"srv-206-416-412", "you send partial and conditional answers without the CORS headers", nil},
	{"srv-head-without-fields", "you answer HEAD without the CORS headers", []string{
		"https://github.com/floci-io/floci-gcp/issues/98",
	}},
	{"srv-put-without-fields", "you answer PUT, POST and DELETE without the CORS headers", []string{
		"https://github.com/getmoto/moto/issues/6371",
		"https://github.com/rustfs/rustfs/issues/1496",
	}},
	{"srv-subresource-without-fields", "you answer requests for sub-resources without the CORS headers", []string{
		"https://github.com/ceph/ceph/issues/17631",
		"https://github.com/scality/cloudserver/issues/5464",
	}},
	{"srv-list-buckets-with-fields", "you send CORS headers with the list of buckets", []string{
		"https://github.com/scality/cloudserver/issues/899",
		"https://github.com/jamhall/s3rver/issues/449",
		"https://github.com/seaweedfs/seaweedfs/issues/1271",
		"https://github.com/aws/aws-sdk-js-v3/issues/6228",
	}},
	{"srv-path-style-only", "you apply CORS in one style of addresses only", []string{
		"https://github.com/open-io/swift3/issues/78",
		"https://github.com/floci-io/floci-gcp/issues/98",
		"https://github.com/floci-io/floci/issues/1865",
	}},
	{"srv-wrong-bucket", "you take the bucket of a preflight from the wrong part of the URL", []string{
		"https://github.com/abhay-ramesh/pushduck/issues/65",
		"https://github.com/livewyer-ops/tamoss/issues/122",
	}},
	{"srv-global-star-wins", "you let the CORS of the server beat the configuration of the bucket", []string{
		"https://github.com/getmoto/moto/issues/8410",
		"https://github.com/localstack/localstack/issues/7038",
	}},
	{"srv-fallback-get-only", "you apply the fallback to GET and not to OPTIONS", []string{
		"https://github.com/floci-io/floci/issues/1865",
	}},
	{"srv-two-layers", "two layers of yours send CORS headers", []string{
		"https://github.com/localstack/localstack/issues/1612",
		"https://github.com/adobe/S3Mock/issues/74",
		"https://github.com/hackclub/cdn/issues/100",
		"https://github.com/traefik/traefik/issues/6014",
		"https://github.com/caddyserver/caddy/issues/1073",
		"https://github.com/labstack/echo/issues/2853",
	}},
	{"srv-noncanonical-key", "you send a CORS header a second time, in another spelling", []string{
		"https://github.com/gofr-dev/gofr/issues/3971",
	}},
	{"srv-vary-overwritten", "you replace Vary by another one", []string{
		"https://github.com/tower-rs/tower-http/issues/397",
		"https://github.com/tower-rs/tower-http/issues/473",
		"https://github.com/tuupola/cors-middleware/issues/93",
		"https://github.com/kent8192/reinhardt-web/issues/2574",
		"https://github.com/awsl-project/maxx/issues/598",
	}},
	{"srv-vary-twice", "you send Vary twice", []string{
		"https://github.com/tower-rs/tower-http/issues/598",
	}},
	{"srv-first-cors-layer-answers", "the outer of two CORS layers answers without the inner", []string{
		"https://github.com/traefik/traefik/issues/7607",
	}},
	{"srv-preflight-body", "you send a body or a Content-Type with a granted preflight", []string{
		"https://github.com/nghttp2/nghttp2/issues/746",
		"https://github.com/expressjs/cors/issues/121",
		"https://github.com/koajs/cors/issues/41",
	}},
	{"srv-stored-not-applied", "you store the configuration and do not apply it", []string{
		"https://github.com/floci-io/floci/issues/72",
		"https://github.com/localstack/localstack/issues/69",
	}},
	{"srv-not-stored", "you answer PUT ?cors as if it worked, and GET ?cors as if there were nothing", []string{
		"https://github.com/sivchari/kumo/issues/631",
	}},
	{"srv-stale-cache", "you go on with the old rules after PUT ?cors or DELETE ?cors", []string{
		"https://github.com/seaweedfs/seaweedfs/issues/7736",
	}},
	{"srv-stale-missing", "you do not see a new bucket where you have looked for it before", []string{
		"https://github.com/localstack/localstack/issues/7081",
	}},
	{"srv-rules-outlive-bucket", "you keep the rules of a bucket that is deleted, and apply them to the next of its name", nil},
	{"srv-bad-put-clobbers", "you change the stored configuration by a PUT ?cors that you refuse", nil},
	{"srv-put-merges", "you add the rules of a PUT ?cors to those that are there", []string{
		"https://github.com/hashicorp/terraform-provider-aws/issues/25241",
	}},
	{"srv-get-none-wrong", "you answer GET ?cors otherwise than with NoSuchCORSConfiguration where there is none", []string{
		"https://github.com/minio/minio/issues/9396",
		"https://github.com/ceph/ceph/issues/19104",
		"https://github.com/localstack/localstack/issues/3757",
	}},
	{"srv-delete-200", "you answer DELETE ?cors with 200", []string{
		"s3rver",
	}},
	{"srv-delete-cors-deletes-bucket", "you take DELETE ?cors for DELETE of the bucket", []string{
		"gofakes3",
	}},
	{"srv-shared-slices", "you share the values of headers between answers", []string{
		"https://github.com/rs/cors/issues/198",
		"https://github.com/jub0bs/cors/issues/14",
	}},
	{"srv-lost-interfaces", "you wrap the writer and lose Flush, Hijack or Unwrap", []string{
		"https://github.com/r3labs/sse/issues/130",
		"https://github.com/basecamp/thruster/issues/87",
		"https://github.com/traefik/traefik/issues/5376",
		"https://github.com/speakeasy-api/gram/issues/4961",
		"https://github.com/foomo/keel/issues/286",
	}},
	{"srv-late-writer-race", "you write headers after the deadline, in a race with the answer", []string{
		"https://github.com/milvus-io/milvus/issues/48338",
		"https://github.com/kataras/iris/issues/1673",
	}},
	{"srv-comma-dos", "you spend much memory on many commas or lines, or fail there", []string{
		"https://github.com/rs/cors/issues/170",
		"https://www.cve.org/CVERecord?id=CVE-2025-47908",
		"https://github.com/go-chi/cors/issues/36",
		"https://github.com/go-chi/cors/issues/48",
	}},
	{"srv-withdraw-lost", "you send fields that were meant to be withdrawn", []string{
		"CloudServer",
	}},
}
