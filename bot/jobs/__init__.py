"""The work behind the routes: intake, answering, delivery, leads, the sink, and what runs by the clock."""
