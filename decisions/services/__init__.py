"""Operations on decisions: keyword arguments and an actor, one transaction each."""
