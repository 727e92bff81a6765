"""The console script `minyi`: a command's module is imported only when that command is asked for."""

from importlib import import_module

import click

# name -> "module:attribute". Loading on demand keeps `minyi draw` free of web and database on an auditor's laptop.
COMMANDS: dict[str, str] = {
    "calendar": "service.cli.calendar:calendar",
    "check-form": "service.cli.check_form:check_form",
    "demo": "service.cli.demo:demo",
    "draw": "service.cli.draw:draw",
    "draw-secret": "service.cli.draw_secret:draw_secret",
    "export": "service.cli.export:export",
    "export-journal": "service.cli.journal:export_journal",
    "first-admin": "service.cli.first_admin:first_admin",
    "import-district": "service.cli.import_district:import_district",
    "import-frame": "service.cli.import_frame:import_frame",
    "import-responses": "service.cli.import_responses:import_responses",
    "mark-quality": "service.cli.mark_quality:mark_quality",
    "print-slips": "service.cli.print_slips:print_slips",
    "purge": "service.cli.purge:purge",
    "recompute": "service.cli.recompute:recompute",
    "satisfaction": "service.cli.satisfaction:satisfaction",
    "score": "service.cli.score:score",
    "serve": "service.cli.serve:serve",
    "settings": "service.cli.settings:settings",
    "verify-draw": "service.cli.draw:verify_draw",
    "verify-journal": "service.cli.journal:verify_journal",
}


class LazyGroup(click.Group):
    """A group whose commands stand in COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Minyi (民意): questionnaires, verifiable draws and spot checks, weighted scores."""
