package e2e

import (
	"context"
	"testing"
)

func testLink(t *testing.T, p *tab, b context.Context) {}
func testKeyboard(t *testing.T, p *tab)                {}
func testHostile(t *testing.T, p *tab)                 {}
func testLong(t *testing.T, p *tab)                    {}
