"""What tests do with tries that were counted, wherever that was."""

from datetime import timedelta

import redis
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.limits import Attempt


def grow_old(app: Flask, session: Session, *, minutes: int) -> None:
    """Let every try that was counted have been made so many minutes earlier."""
    for attempt in session.scalars(select(Attempt)):
        attempt.at -= timedelta(minutes=minutes)
    session.commit()
    if app.config["REDIS_URL"]:
        with redis.Redis.from_url(app.config["REDIS_URL"]) as server:
            for key in server.scan_iter():
                moments = [float(moment) for moment in server.lrange(key, 0, -1)]
                server.delete(key)
                server.rpush(key, *(moment - minutes * 60 for moment in moments))
