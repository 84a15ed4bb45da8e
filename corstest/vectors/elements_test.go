package vectors

import (
	"encoding/xml"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestElementsAsTheyArriveInXML(t *testing.T) {
	sent := Elements{{"Code", "BadRequest"}, {"Message", "\x00\x01\x1f\ufffe\uffff"}, {"Method", "\t\n \x7f\u0080\ufffdé😀"}, {"Value", "a\rb\r\nc\r"}}
	require.Equal(t, Elements{{"Code", "BadRequest"}, {"Message", "\ufffd\ufffd\ufffd\ufffd\ufffd"}, {"Method", "\t\n \x7f\u0080\ufffdé😀"}, {"Value", "a\nb\nc\n"}}, sent.InXML())
	require.Equal(t, "a\rb\r\nc\r", sent[3][1], "the elements themselves stay")
	require.Nil(t, Elements(nil).InXML())
}

// encoding/xml is the reader that most runners in Go have.
func TestAReaderOfXMLGetsWhatInXMLSays(t *testing.T) {
	var read string
	require.NoError(t, xml.Unmarshal([]byte("<a>x\ry\r\nz\t</a>"), &read))
	require.Equal(t, Elements{{"a", read}}, Elements{{"a", "x\ry\r\nz\t"}}.InXML())
}
