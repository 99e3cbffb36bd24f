"""Templates that come with the product, in the reader's language: something to begin with and make one's own."""

from typing import Final

from gateway.web.language import marked

SUGGESTED: Final = (
    (
        marked("Welcome"),
        marked("Hi {{ contact.first_name | default: 'there' }}, thank you for writing. We will answer you shortly."),
    ),
    (
        marked("Out of hours"),
        marked("Thank you for your message. We are closed at the moment and answer when we are back."),
    ),
    (
        marked("Order is ready"),
        marked("Hi {{ contact.first_name | default: 'there' }}, your order is ready to collect."),
    ),
    (
        marked("Ask for a review"),
        marked("Thank you for your visit! Would you tell others how it was? It helps us a lot. {{ user.first_name }}"),
    ),
)
"""Name and Liquid of each."""
