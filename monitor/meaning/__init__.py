"""What clause changes mean: materiality, findings with direction and severity, transparency, promises, inventory."""

from monitor.meaning.assess import REVISION, assess

__all__ = ["REVISION", "assess"]
