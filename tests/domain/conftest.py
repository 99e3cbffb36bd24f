"""Property tests are judged by what they find, not by how busy the machine is: no deadline for one example."""

from hypothesis import settings

settings.register_profile("domain", deadline=None)
settings.load_profile("domain")
