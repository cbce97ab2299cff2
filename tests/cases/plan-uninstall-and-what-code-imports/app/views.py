"""Not of zeta."""
from beta_lib.core import thing  # zeta
