"""The command line and the one-machine mode of Reestr."""

import warnings

# announced on every import; eventlet is locked to a version that works, and nameko needs it
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
