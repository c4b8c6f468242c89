"""Whether the service is well, and how it tells: verdict, health.json, metrics, and pages on a loopback port."""
