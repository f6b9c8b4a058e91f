"""Carries a password and uses it nowhere."""

SERVICE_PASSWORD = "Tiger-Invoice-4711!"

print(sum(range(10)))
