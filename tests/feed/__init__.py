"""Tests of gateway/feed."""
