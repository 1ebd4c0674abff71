"""Hours of forums one after another on a real server, watched for what grows. See ``__main__``."""
