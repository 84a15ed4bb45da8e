package s3cors

// listable are the methods that a rule may list (1.2/method-names).
var listable = [...]string{"GET", "PUT", "POST", "DELETE", "HEAD"}

// methodIndex returns the index of method in listable, -1 if it is not there.
func methodIndex(method string) int {
	switch method {
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
	}
	return -1
}

// isRequestMethod reports whether Access-Control-Request-Method may have that
// value (4.2/valid-methods).
func isRequestMethod(method string) bool {
	return methodIndex(method) >= 0 || method == "PATCH" || method == "OPTIONS"
}
