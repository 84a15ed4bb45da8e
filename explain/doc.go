// Package explain says why a request is granted or refused by a bucket's CORS
// configuration, and which change of the configuration would help.
//
// S3 answers every refused preflight with one sentence, and browsers hide the reason
// from the page. [Explain] compares a request with every rule: which entry admits the
// origin, or how the nearest one differs; whether the method is listed; which names of
// headers no entry admits. It names the reasons by [Code], and proposes changes as a
// JSON Patch. The change that needs the fewest edits, and opens the least, comes first.
//
// If it is told how the page makes its request ([Fetch]), it also says what the browser
// makes of the answers, by the Fetch standard, and what Chromium prints. Where CORS
// allows the request, it lists what else looks like a fault of CORS.
//
// An [Explanation] prints itself: String on one line, Text on several, MarshalJSON for
// programs, LogValue for package log/slog.
//
// # What it is not
//
// It decides nothing: the decision is that of [s3cors.Policy.Evaluate], on every input.
// It never runs on the path of a request, unless a server asks for it; it takes about a
// hundred microseconds, and more for many rules.
//
// It knows the configuration, the request, and perhaps the page. It does not know
// signatures, policies, caches or proxies; NotJudged says so each time.
package explain
