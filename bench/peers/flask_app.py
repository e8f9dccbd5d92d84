"""What people write first: reads the string from Valkey on each request and renders a template."""

import os

import redis
from flask import Flask, render_template

app = Flask(__name__, template_folder=os.environ["TEMPLATES"])
app.jinja_env.keep_trailing_newline = True
valkey = redis.Redis(port=int(os.environ["VALKEY_PORT"]), decode_responses=True)


@app.get("/")
def page() -> str:
    return render_template("page.html", value=valkey.get("value"))
