"""What clause changes mean: materiality, findings, severity, transparency, promises."""
