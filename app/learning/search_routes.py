"""The page on which the manual is searched; the same answers as data for the script."""

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import wants_json
from app.learning import bp, search
from app.policy import Can, needs


@bp.get("/manual/search")
@needs(Can.READ_MANUAL)
def find() -> ResponseReturnValue:
    words = request.args.get("words", "").strip()[: search.LONGEST]
    answer = search.find(words, current_user)
    results = [search.shown(one) for one in answer.found]
    page = "learning/search_results.html" if wants_json() else "learning/search.html"
    html = render_template(
        page, words=words, answer=answer, results=results, cases=search.reach(current_user)
    )
    return jsonify(html=html, total=answer.total) if wants_json() else html
