"""Promotions as somebody deployed it by mistake: it can't even be loaded. Runs inside the engine."""

import a_library_that_is_in_no_layer  # type: ignore[import-not-found]  # noqa: F401
