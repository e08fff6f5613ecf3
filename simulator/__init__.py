"""A local stand-in for Telegram and Twilio, with a page to chat on. Never in production."""
