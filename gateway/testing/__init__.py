"""The kit for people who write plugins: fake far sides, contract checks, fixtures."""
