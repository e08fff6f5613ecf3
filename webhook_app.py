"""The doors: POST /telegram, POST /whatsapp, GET /healthz /readyz /metrics."""
