"""SMS, MMS and WhatsApp through a Twilio account."""
