"""Who works here: agents, their roles, teams and skills, and the programs that hold a key."""
