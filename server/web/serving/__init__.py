"""How requests reach the application: connections and their limits, the threads that do the work, the processes.

No thread waits for a client: an event loop receives each request whole, and sends what the application answers.
"""
