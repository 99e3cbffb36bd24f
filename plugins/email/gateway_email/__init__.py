"""E-mail: out by SMTP, in by IMAP or by a listener, each mail a message in its contact's one thread."""
