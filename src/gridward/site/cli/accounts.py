"""user add, token add."""

from __future__ import annotations

import typer

from gridward.site.cli.opening import clock, open_home
from gridward.site.cli.out import Json, refusing, show

users = typer.Typer(help="People who may log in.", no_args_is_help=True)
tokens = typer.Typer(help="Access tokens for scripts.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(users, name="user")
    app.add_typer(tokens, name="token")


@users.command("add")
def add_user(
    login: str = typer.Option(..., help="Login name."),
    name: str = typer.Option(..., help="Name as colleagues know it."),
    password: str = typer.Option("", help="Password; made and printed when left out."),
    post: str = typer.Option("", help="Post; without one the person administers the whole jurisdiction."),
    area: str = typer.Option("", help="Area code of the post, as SCHEME/CODE."),
    json: Json = False,
) -> None:
    """Add a person who may log in."""
    open_home()
    from gridward.kernel.actor import SYSTEM
    from gridward.people import actions
    from gridward.site.permissions import ALL_PERMISSIONS

    with refusing():
        answer = actions.add_user(
            login=login,
            name=name,
            password=password or None,
            post=post or None,
            area=area or None,
            permissions=tuple(ALL_PERMISSIONS),
            actor=SYSTEM,
            now=clock(),
        )
    show(answer, as_json=json)


@tokens.command("add")
def add_token(
    login: str = typer.Option(..., help="Whose token."),
    name: str = typer.Option("cli", help="What the token is for."),
    json: Json = False,
) -> None:
    """Make an access token; it is shown once."""
    open_home()
    from gridward.kernel.actor import SYSTEM
    from gridward.people import actions

    with refusing():
        token = actions.add_token(login=login, name=name, actor=SYSTEM, now=clock())
    show({"token": token}, as_json=json)
