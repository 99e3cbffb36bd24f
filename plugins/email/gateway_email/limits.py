"""What a mail may be before it is kept as it came, and what of it is shown. All are constants of CASES or of RFCs."""

MIB = 1024 * 1024

MAIL_BYTES = 35 * MIB
PARTS = 200
DEPTH = 20

HEADER_BYTES = 256 * 1024  # all header fields of one part together; what stands beyond is not read
FIELD_BYTES = 16 * 1024  # one header field; RFC 5322 has no limit, parsers of structured fields need one

BODY_CHARACTERS = 90_000  # the core takes 100,000; what is longer is attached whole

SUBJECT_CHARACTERS = 1_000
NAME_CHARACTERS = 200
REFERENCES = 20  # ids a reply refers back to: the first and the newest
METADATA_CHARACTERS = 4_000
