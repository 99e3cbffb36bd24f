"""Tests of gateway/host."""
