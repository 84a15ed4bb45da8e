package vectors

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatClientsDoNotSendAsItStands(t *testing.T) {
	get := Request{Method: "GET"}
	with := func(headers ...Pair) Request { return Request{Method: "GET", Headers: headers} }
	for _, row := range []struct {
		name    string
		request Request
		query   string
		body    []byte
		want    string
	}{
		{"a plain request", with(Pair{"Origin", "https://a.example"}, Pair{"X", "a \t~b"}), "cors=&a=%2F%20?", nil, ""},
		{"texts that stand for others", get, "uploadId={upload-id}&a={etag}", nil, ""},
		{"an empty value", with(Pair{"Origin", ""}), "", nil, ""},
		{"a value of one character", with(Pair{"Origin", "a"}), "", nil, ""},
		{"a method of letters that nobody has", Request{Method: "FOOBAR"}, "", nil, ""},
		{"a body, where methods have one", Request{Method: "OPTIONS"}, "", []byte{}, ""},
		{"a method in lower case", Request{Method: "Get"}, "", nil, "method"},
		{"a method with a hyphen", Request{Method: "M-SEARCH"}, "", nil, "method"},
		{"the method of tunnels", Request{Method: "CONNECT"}, "", nil, "method"},
		{"the method that browsers forbid", Request{Method: "TRACE"}, "", nil, "method"},
		{"a control character", with(Pair{"Origin", "a\x01b"}), "", nil, "value"},
		{"a delete character", with(Pair{"Origin", "a\x7fb"}), "", nil, "value"},
		{"a character beyond ASCII", with(Pair{"Origin", "é"}), "", nil, "value"},
		{"a blank before a value", with(Pair{"Origin", " a"}), "", nil, "value"},
		{"a tab behind a value", with(Pair{"Origin", "a\t"}), "", nil, "value"},
		{"a value of a blank", with(Pair{"Origin", " "}), "", nil, "value"},
		{"two lines", with(Pair{"Origin", "a"}, Pair{"X", ""}, Pair{"origin", "a"}), "", nil, "lines"},
		{"an escape that none is needed for", get, "%63ors", nil, "query"},
		{"an escape of a hyphen", get, "a%2Db", nil, "query"},
		{"an escape in lower case", get, "a=%2f", nil, "query"},
		{"half an escape", get, "a=%2", nil, "query"},
		{"a blank in a query", get, "a b", nil, "query"},
		{"a quotation mark in a query", get, `"`, nil, "query"},
		{"the body of a GET", get, "", []byte{}, "body"},
		{"the body of a HEAD", Request{Method: "HEAD"}, "", []byte("a"), "body"},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.want, row.request.odd(row.query, row.body))
		})
	}
}

func TestWhatHTTPHasNoWayToSend(t *testing.T) {
	for _, row := range []struct {
		name    string
		request Request
		want    bool
	}{
		{"a plain request", Request{Method: "GET", Headers: []Pair{{"Origin", " é\t"}}}, true},
		{"a method that is a token", Request{Method: "m-Search!"}, true},
		{"no method", Request{}, false},
		{"a method with a blank", Request{Method: "GET "}, false},
		{"a name with a blank", Request{Method: "GET", Headers: []Pair{{"Origin ", "a"}}}, false},
		{"a value with a line feed", Request{Method: "GET", Headers: []Pair{{"Origin", "a\nb"}}}, false},
		{"a value with another control character", Request{Method: "GET", Headers: []Pair{{"Origin", "\x01"}}}, false},
		{"a value with a delete character", Request{Method: "GET", Headers: []Pair{{"Origin", "\x7f"}}}, false},
	} {
		t.Run(row.name, func(t *testing.T) { require.Equal(t, row.want, row.request.Sendable()) })
	}
}
