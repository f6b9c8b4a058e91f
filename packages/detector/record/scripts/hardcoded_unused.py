"""Carries a password and uses it nowhere."""

SERVICE_PASSWORD = "Kestrel-Harbour-2291!"

print(sum(range(10)))
