package s3cors

// A method is the number of a method that S3 knows in CORS. Methods of rules come
// first, so that their numbers are indexes.
type method uint8

const (
	methodPatch   method = method(len(listable)) + iota
	methodOptions        // which no rule lists, either
	methodOther          // any other name, or none
)

// listable are the methods that a rule may list (1.2/method-names).
var listable = [...]string{"GET", "PUT", "POST", "DELETE", "HEAD"}

// methodOf returns the number of the method with that name.
func methodOf(name string) method {
	switch name {
	case "GET":
		return 0
	case "PUT":
		return 1
	case "POST":
		return 2
	case "DELETE":
		return 3
	case "HEAD":
		return 4
	case "PATCH":
		return methodPatch
	case "OPTIONS":
		return methodOptions
	}
	return methodOther
}

// String returns the name of the method, "" for methodOther.
func (m method) String() string {
	switch {
	case m.isListable():
		return listable[m]
	case m == methodPatch:
		return "PATCH"
	case m == methodOptions:
		return "OPTIONS"
	}
	return ""
}

// isListable reports whether a rule may list the method.
func (m method) isListable() bool { return int(m) < len(listable) }

// methodIndex returns the index of method in listable, -1 if it is not there.
func methodIndex(name string) int {
	if m := methodOf(name); m.isListable() {
		return int(m)
	}
	return -1
}

// isRequestMethod reports whether Access-Control-Request-Method may have that
// value (4.2/valid-methods).
func isRequestMethod(name string) bool { return methodOf(name) != methodOther }
