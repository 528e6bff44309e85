"""A deployment of promotions by mistake: it can't even be imported. Runs inside the engine."""

import a_library_that_is_in_no_layer  # type: ignore[import-not-found]  # noqa: F401
