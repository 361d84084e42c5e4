"""Operations on cases: keyword arguments and an actor, one transaction each."""
