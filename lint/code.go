package lint

import (
	"maps"
	"slices"
)

// A Code names a kind of finding. It never changes its meaning.
type Code string

// What S3 refuses a document for.
const (
	NoRules           Code = "S3C001" // there is no rule
	TooManyRules      Code = "S3C002" // there are more rules than S3 takes
	IncompleteRule    Code = "S3C003" // a rule lacks AllowedOrigins or AllowedMethods
	BadMethod         Code = "S3C004" // a method that no rule can list
	OriginStars       Code = "S3C005" // a second star in an origin
	HeaderStars       Code = "S3C006" // a second star in an allowed header
	ExposeStar        Code = "S3C007" // a star in an exposed header
	NotAHeaderName    Code = "S3C008" // what is no name of a header
	BadID             Code = "S3C009" // an ID that the server does not take, or that others do not
	BadMaxAge         Code = "S3C010" // a MaxAgeSeconds that the server does not take, or that others do not
	TooLarge          Code = "S3C011" // the document is too long
	ForeignDocument   Code = "S3C012" // a document for another tool or service
	UnknownMember     Code = "S3C013" // a key or an element that S3 does not know
	TwiceOrOutOfPlace Code = "S3C014" // something is there twice, or stands where it does not belong; no namespace
	NotReadable       Code = "S3C015" // neither XML nor JSON
	WrongType         Code = "S3C016" // a value of another type than must stand there
	ValueOfThisServer Code = "S3C017" // a value that this dialect of S3 refuses
)

// What S3 keeps, and what never matches or was probably not meant.
const (
	OriginPath              Code = "S3C101" // an origin with a path or a slash at its end
	NoOrigin                Code = "S3C102" // what no origin of a browser equals
	DefaultPort             Code = "S3C103" // an origin with the port that browsers leave out
	OriginCase              Code = "S3C104" // an origin with capital letters
	OriginNotASCII          Code = "S3C105" // an origin with characters beyond ASCII
	OriginBlanks            Code = "S3C106" // white space around a value
	SeveralInOne            Code = "S3C107" // several values in one
	EmptyOrigin             Code = "S3C108" // an empty origin
	Placeholder             Code = "S3C109" // a placeholder that nobody filled in
	ApexNotListed           Code = "S3C110" // https://*.h without https://h
	AppScheme               Code = "S3C111" // the origin of an app or an extension
	DeadEntry               Code = "S3C112" // an entry within another of the same rule
	DeadRule                Code = "S3C113" // a rule that no request reaches
	PartlyShadowed          Code = "S3C114" // a rule whose answers some requests never get
	DuplicateEntry          Code = "S3C115" // an entry that is there twice
	DevelopmentOnly         Code = "S3C116" // nothing but origins of development
	LocalhostWithoutPort    Code = "S3C117" // http://localhost
	LocalhostOverTLS        Code = "S3C118" // https://localhost
	WritesWithoutHeaders    Code = "S3C120" // PUT or POST, and no AllowedHeaders
	ContentTypeNotAllowed   Code = "S3C121" // PUT or POST, and no Content-Type
	ClientHeadersNotAllowed Code = "S3C122" // headers that the client sends are not allowed
	ForbiddenHeader         Code = "S3C123" // an allowed header that no script can set
	ResponseHeaderAllowed   Code = "S3C124" // a response header among AllowedHeaders
	HeadMissing             Code = "S3C130" // GET without HEAD
	ETagNotExposed          Code = "S3C140" // PUT or POST, and ETag is not exposed
	RangeNotReadable        Code = "S3C141" // what reads ranges lacks a header
	RequestHeaderExposed    Code = "S3C142" // a request header among ExposeHeaders
	CookieExposed           Code = "S3C143" // Set-Cookie, which no script reads
	CORSHeaderExposed       Code = "S3C144" // Access-Control-…, which browsers read themselves
	NoMaxAge                Code = "S3C150" // browsers ask again after seconds
	MaxAgeBeyondBrowsers    Code = "S3C151" // longer than browsers keep it
	MaxAgeZero              Code = "S3C152" // browsers ask before every request
)

// What opens a bucket.
const (
	ForeignHosts    Code = "S3C201" // a pattern that others can register a host for
	SharedSuffix    Code = "S3C202" // a pattern over a domain that many share
	PlainHTTP       Code = "S3C203" // an origin without TLS
	WritesForAll    Code = "S3C204" // every origin may write
	CredentialsStar Code = "S3C205" // credentials are needed, and "*" has none
	NullOrigin      Code = "S3C206" // the origin null
	AnyScheme       Code = "S3C207" // a star in the place of the scheme
)

// What other servers make of it, and what stands in front.
const (
	SplitMethods          Code = "S3C401" // rules that share an origin and split the methods
	WildcardPort          Code = "S3C402" // a star in the place of the port
	PartialWildcard       Code = "S3C403" // a star within an origin
	PartialHeaderWildcard Code = "S3C404" // a star within an allowed header
	HeaderCase            Code = "S3C405" // allowed headers with capital letters
	ManyRules             Code = "S3C406" // more rules than others take
	NoCounterpart         Code = "S3C407" // a member that others do not have
	CacheWithoutVary      Code = "S3C501" // cached answers without CORS headers
)

// An entry is what is known of a code: its severity under the profile aws, and a title.
type entry struct {
	severity Severity
	title    string
}

var catalogue = map[Code]entry{
	NoRules:                 {Error, "there is no rule"},
	TooManyRules:            {Error, "there are more rules than S3 takes"},
	IncompleteRule:          {Error, "a rule lacks AllowedOrigins or AllowedMethods"},
	BadMethod:               {Error, "a method that no rule can list"},
	OriginStars:             {Error, "a second star in an origin"},
	HeaderStars:             {Error, "a second star in an allowed header"},
	ExposeStar:              {Error, "a star in an exposed header"},
	NotAHeaderName:          {Error, "what is no name of a header"},
	BadID:                   {Portability, "an ID that the server does not take, or that others do not"},
	BadMaxAge:               {Portability, "a MaxAgeSeconds that the server does not take, or that others do not"},
	TooLarge:                {Error, "the document is too long"},
	ForeignDocument:         {Error, "a document for another tool or service"},
	UnknownMember:           {Error, "a key or an element that S3 does not know"},
	TwiceOrOutOfPlace:       {Info, "something is there twice, or stands where it does not belong; no namespace"},
	NotReadable:             {Error, "neither XML nor JSON"},
	WrongType:               {Error, "a value of another type than must stand there"},
	ValueOfThisServer:       {Error, "a value that this dialect of S3 refuses"},
	OriginPath:              {Error, "an origin with a path or a slash at its end"},
	NoOrigin:                {Error, "what no origin of a browser equals"},
	DefaultPort:             {Error, "an origin with the port that browsers leave out"},
	OriginCase:              {Error, "an origin with capital letters"},
	OriginNotASCII:          {Error, "an origin with characters beyond ASCII"},
	OriginBlanks:            {Error, "white space around a value"},
	SeveralInOne:            {Error, "several values in one"},
	EmptyOrigin:             {Warning, "an empty origin"},
	Placeholder:             {Warning, "a placeholder that nobody filled in"},
	ApexNotListed:           {Info, "https://*.h without https://h"},
	AppScheme:               {Info, "the origin of an app or an extension"},
	DeadEntry:               {Warning, "an entry within another of the same rule"},
	DeadRule:                {Warning, "a rule that no request reaches"},
	PartlyShadowed:          {Warning, "a rule whose answers some requests never get"},
	DuplicateEntry:          {Info, "an entry that is there twice"},
	DevelopmentOnly:         {Info, "nothing but origins of development"},
	LocalhostWithoutPort:    {Info, "http://localhost"},
	LocalhostOverTLS:        {Info, "https://localhost"},
	WritesWithoutHeaders:    {Warning, "PUT or POST, and no AllowedHeaders"},
	ContentTypeNotAllowed:   {Info, "PUT or POST, and no Content-Type"},
	ClientHeadersNotAllowed: {Info, "headers that the client sends are not allowed"},
	ForbiddenHeader:         {Info, "an allowed header that no script can set"},
	ResponseHeaderAllowed:   {Warning, "a response header among AllowedHeaders"},
	HeadMissing:             {Info, "GET without HEAD"},
	ETagNotExposed:          {Info, "PUT or POST, and ETag is not exposed"},
	RangeNotReadable:        {Info, "what reads ranges lacks a header"},
	RequestHeaderExposed:    {Warning, "a request header among ExposeHeaders"},
	CookieExposed:           {Info, "Set-Cookie, which no script reads"},
	CORSHeaderExposed:       {Info, "Access-Control-…, which browsers read themselves"},
	NoMaxAge:                {Info, "browsers ask again after seconds"},
	MaxAgeBeyondBrowsers:    {Info, "longer than browsers keep it"},
	MaxAgeZero:              {Info, "browsers ask before every request"},
	ForeignHosts:            {Security, "a pattern that others can register a host for"},
	SharedSuffix:            {Security, "a pattern over a domain that many share"},
	PlainHTTP:               {Info, "an origin without TLS"},
	WritesForAll:            {Info, "every origin may write"},
	CredentialsStar:         {Warning, "credentials are needed, and \"*\" has none"},
	NullOrigin:              {Security, "the origin null"},
	AnyScheme:               {Security, "a star in the place of the scheme"},
	SplitMethods:            {Info, "rules that share an origin and split the methods"},
	WildcardPort:            {Info, "a star in the place of the port"},
	PartialWildcard:         {Info, "a star within an origin"},
	PartialHeaderWildcard:   {Info, "a star within an allowed header"},
	HeaderCase:              {Info, "allowed headers with capital letters"},
	ManyRules:               {Info, "more rules than others take"},
	NoCounterpart:           {Info, "a member that others do not have"},
	CacheWithoutVary:        {Info, "cached answers without CORS headers"},
}

// Codes returns all codes, in order.
func Codes() []Code { return slices.Sorted(maps.Keys(catalogue)) }

// Title says in a few words what a finding of this code is; "" for a code that is
// none.
func (c Code) Title() string { return catalogue[c].title }

// Severity returns that of the code under the profile aws; 0 for a code that is none.
func (c Code) Severity() Severity { return catalogue[c].severity }

// severityOf returns the severity of a code under some profiles: the greatest.
func severityOf(code Code, profiles []Profile) Severity {
	severity := catalogue[code].severity
	for _, p := range profiles {
		severity = max(severity, raised[p][code])
	}
	return severity
}
