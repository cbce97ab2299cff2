"""What is read of git, on repositories that git itself made."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.errors import EnvironmentReadError
from reqdrift.repository import git, may_configure, shared_folder, top_folder
from support import clean_environ, make_environment, reqdrift, run_git

KEY = "reqdrift.python"


def config_path(top: str, key: str) -> str | None:
    """As `environments.named` asks: git is started only if the clone may have the section."""
    return git.config_path(top, key) if may_configure(top, key.partition(".")[0]) else None


@pytest.fixture
def repository(project: Path) -> Path:
    run_git("init", "-q", "-b", "main", cwd=project)
    run_git("commit", "-q", "--allow-empty", "-m", "first", cwd=project)
    return project


@pytest.fixture
def worktree(repository: Path) -> Path:
    run_git("worktree", "add", "-q", "../tree", cwd=repository)
    return repository.parent / "tree"


@pytest.fixture
def submodule(repository: Path) -> Path:
    source = repository.parent / "source"
    source.mkdir()
    run_git("init", "-q", cwd=source)
    run_git("commit", "-q", "--allow-empty", "-m", "x", cwd=source)
    allowed = ("-c", "protocol.file.allow=always")
    run_git(*allowed, "submodule", "add", "-q", source, "libs/sub", cwd=repository)
    return repository / "libs" / "sub"


class TestTopFolder:
    def test_outside(self, tmp_path: Path) -> None:
        assert top_folder(str(tmp_path)) is None
        assert top_folder("/") is None

    def test_is_what_git_says(self, repository: Path, worktree: Path, submodule: Path) -> None:
        (repository / "a/b").mkdir(parents=True)
        for folder in (repository, repository / "a/b", worktree, submodule, submodule.parent):
            said = run_git("rev-parse", "--show-toplevel", cwd=folder)
            assert top_folder(str(folder)) == said


def test_worktrees_share_a_folder_and_submodules_do_not(
    repository: Path, worktree: Path, submodule: Path
) -> None:
    shared = str(repository / ".git")
    assert shared_folder(str(repository)) == shared_folder(str(worktree)) == shared
    assert shared_folder(str(submodule)) == str(repository / ".git/modules/libs/sub")


class TestConfigPath:
    @pytest.mark.parametrize(
        ("value", "path"),
        [("/some/where", "/some/where"), ("../envs/x y", "{}/../envs/x y"), ("~/x", "{home}/x")],
    )
    def test_is_as_git_reads_it(self, repository: Path, value: str, path: str) -> None:
        run_git("config", KEY, value, cwd=repository)
        expected = path.format(repository, home=Path.home())
        assert config_path(str(repository), KEY) == expected

    @pytest.mark.parametrize("section", ["[reqdrift]", "[ReqDrift]", "\t[reqdrift] "])
    def test_git_reads_sections_in_any_case(self, repository: Path, section: str) -> None:
        with (repository / ".git" / "config").open("a") as file:
            file.write(f"{section}\n\tPython = /x # a comment\n")
        assert config_path(str(repository), KEY) == "/x"

    def test_of_one_worktree_alone(self, repository: Path, worktree: Path) -> None:
        run_git("config", "extensions.worktreeConfig", "true", cwd=repository)
        run_git("config", "--worktree", KEY, "/tree's", cwd=worktree)
        assert config_path(str(worktree), KEY) == "/tree's"
        assert config_path(str(repository), KEY) is None
        run_git("config", KEY, "/everyone's", cwd=repository)
        assert config_path(str(worktree), KEY) == "/tree's"
        assert config_path(str(repository), KEY) == "/everyone's"

    def test_of_a_submodule_is_its_own(self, repository: Path, submodule: Path) -> None:
        run_git("config", KEY, "/x", cwd=repository)
        assert config_path(str(submodule), KEY) is None
        run_git("config", KEY, "/sub", cwd=submodule)
        assert config_path(str(submodule), KEY) == "/sub"

    def test_a_remote_of_that_name_does_not_start_git(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_git("remote", "add", "origin", "https://host/reqdrift.repository.git", cwd=repository)
        monkeypatch.setenv("PATH", "/nowhere")
        assert config_path(str(repository), KEY) is None

    def test_with_the_section_and_without_git_it_is_an_error(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_git("config", KEY, "/x", cwd=repository)
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(EnvironmentReadError, match="git cannot be started"):
            config_path(str(repository), KEY)

    @pytest.mark.parametrize("value", ["~nobody-of-that-name/x", "\nnot a line"])
    def test_a_value_that_git_cannot_read(self, repository: Path, value: str) -> None:
        with (repository / ".git" / "config").open("a") as file:
            file.write(f"[reqdrift]\npython = {value}\n")
        with pytest.raises(EnvironmentReadError, match=f"{KEY} cannot be read: git says: fatal"):
            config_path(str(repository), KEY)

    def test_a_repository_that_git_refuses_is_an_error(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_git("config", KEY, "/x", cwd=repository)
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        with pytest.raises(EnvironmentReadError, match="dubious ownership"):
            config_path(str(repository), KEY)

    def test_the_variables_of_a_hook_do_not_lead_elsewhere(
        self, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = tmp_path / "other"
        other.mkdir()
        run_git("init", "-q", cwd=other)
        run_git("config", KEY, "/mine", cwd=repository)
        run_git("config", KEY, "/another's", cwd=other)
        monkeypatch.setenv("GIT_DIR", str(other / ".git"))
        monkeypatch.setenv("GIT_WORK_TREE", str(other))
        monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
        assert config_path(str(repository), KEY) == "/mine"


def test_a_clean_check_needs_no_git_at_all(repository: Path) -> None:
    (repository / "requirements.txt").write_text("six==1.16.0\n")
    make_environment(repository / ".venv", "six-1.16.0")
    done = reqdrift(cwd=repository, env=clean_environ(PATH="/nowhere"))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_git_file_that_leads_nowhere_is_no_obstacle(project: Path) -> None:
    (project / ".git").rmdir()
    (project / ".git").write_text("gitdir: /nowhere\n")
    assert top_folder(str(project)) == str(project)
    assert config_path(str(project), KEY) is None
