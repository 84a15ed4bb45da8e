package e2e

import (
	"context"
	"testing"
)

func testScenarios(t *testing.T, p *tab) {}
func testPasted(t *testing.T, p *tab) {}
func testServers(t *testing.T, p *tab) {}
func testConverting(t *testing.T, p *tab) {}
func testLink(t *testing.T, p *tab, b context.Context) {}
func testKeyboard(t *testing.T, p *tab) {}
func testHostile(t *testing.T, p *tab) {}
func testLong(t *testing.T, p *tab) {}
