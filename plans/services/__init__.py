"""Operations on plans: keyword arguments and an actor, one transaction each."""
