"""The method itself: pure, without Flask, SQL, clock or chance of its own."""
