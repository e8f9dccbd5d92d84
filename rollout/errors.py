"""What can go wrong, each with the exit code it leaves."""


class RolloutError(Exception):
    """The command failed; its text says what happened and what to do next."""

    exit_code = 1


class Unusable(RolloutError):
    """The command was asked for something that it can't do; nothing was changed."""

    exit_code = 2


class Missing(RolloutError):
    """A tool or a credential is missing; nothing was changed."""

    exit_code = 3


class NotOver(RolloutError):
    """What was started goes on in AWS, beyond the time this command may wait."""

    exit_code = 4


class AwsError(RolloutError):
    """AWS refused a request."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
