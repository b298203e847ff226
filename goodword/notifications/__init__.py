"""One quiet inbox of notices for each agent."""
