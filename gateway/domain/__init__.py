"""The rules: addresses, messages, threads, conversations; pure, with the clock as an argument."""
