#!/usr/bin/python
"""Print the environment of the running Python (2.7, 3.6 or newer) as pip's inspect report."""

DOCUMENTATION = r"""
module: reqdrift_inspect
short_description: Report what is installed in a Python environment
description: Reports the environment of C(ansible_python_interpreter), as C(pip inspect) does.
author: The reqdrift contributors (@reqdrift)
"""
EXAMPLES = "- {reqdrift_inspect: , vars: {ansible_python_interpreter: /srv/shop/.venv/bin/python}}"
RETURN = """record: {description: "pip's inspect report", returned: success, type: dict}"""

import io
import json
import os
import platform
import re
import sys
import zipfile

USER = re.compile(r"((?:^|@ *)[\w+.-]+://)(?!git@[^@]*$)[^/]*@")
NAMES = r"tokens?|secret|passw(or)?[dt]|pwd|sig(nature)?|cred(ential)?s?|auth(orization|code)?|jwt"
NAMES += (
    r"|key(s|id)?|key.pair.id|cookie|user(pass|name)|sess(ion)?(.?id)?|bearer|hmac|nonce|ticket"
)
NAMES += r"|(?<![^\W_])(pass(phrase)?|pw|pat|sas|code|sid|otp|pin|tok|tkn)"
BARE = r"\b((gh[oprsu]|npm|hf)_[^\W_]{16,}|(github_pat_|glpat-|dckr_[op]at_|pypi-A)[\w-]{8,})"
SECRET = re.compile(r"([?&;#][^=&#]*(%s)(\[\w*)?\]?=)[^&#\s]*" % NAMES, re.I)


def read(path, *names):
    """The text of the first of these files that is in a folder or a zipped egg, else None."""
    egg = zipfile.ZipFile(path) if path.endswith(".egg") and zipfile.is_zipfile(path) else None
    for name in names or ("",):
        whole = os.path.join(path, name) if name else path
        if os.path.isfile(whole) and not whole.endswith(".egg"):
            with io.open(whole, encoding="utf-8-sig", errors="replace") as file:
                return file.read()
        if egg and name in egg.namelist():
            return egg.read(name).decode("utf-8", "replace")
    return None


def headers(path):
    """The headers of METADATA or PKG-INFO, None if there is none."""
    text, found = read(path, "METADATA", "PKG-INFO", "EGG-INFO/PKG-INFO", ""), []
    for line in (text or "").split("\n"):
        key, colon, value = line.partition(":")
        if line[:1] in (" ", "\t"):
            found[-1:] = [(k, v + " " + line.strip()) for k, v in found[-1:]]
        elif not colon or " " in key:
            break
        else:
            found.append((key.lower(), value.strip()))
    return None if text is None else found


def requires(path, found):
    """Requires-Dist, or setuptools' requires.txt as pip writes it."""
    text, listed, condition = read(path, "requires.txt", "EGG-INFO/requires.txt"), [], ""
    for line in filter(None, (line.strip() for line in (text or "").splitlines())):
        if line.startswith("["):
            extra, _, condition = line.strip("[]").partition(":")
            around = "(%s) and " % condition if condition and extra else condition
            condition = around + ('extra == "%s"' % canonical(extra) if extra else "")
        else:
            listed.append("%s ; %s" % (line, condition) if condition else line)
    if text is None:
        listed = [v for k, v in found if k == "requires-dist"]
    return list(map(masked, listed))


def masked(text):
    """The text without the users of URLs and the values of secret parameters."""
    return SECRET.sub(r"\1****", re.sub(BARE, "****", USER.sub(r"\1", text)))


def canonical(name):
    """The name in its normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def item_of(path, link):
    """The canonical name and the report's item of one distribution."""
    entry = os.path.basename(path)
    name, _, version = entry.rpartition(".")[0].partition("-")
    found = headers(path)
    inside, direct = dict(reversed(found or [])), read(path, "direct_url.json")
    spelled = inside.get("name") or name
    if not entry.endswith(".dist-info") or not name or re.search("[-_]|^$", version):
        name, version = spelled, inside.get("version") or version.partition("-py")[0]
    if not re.match(r"\w([\w.-]*\w)?$", name) or not version:
        raise ValueError("it has no readable name or version; delete it")
    spelled = spelled if canonical(spelled) == canonical(name) else name
    metadata = {"name": spelled, "version": version, "requires_dist": requires(path, found or [])}
    item = {"metadata": metadata, "metadata_location": path + "/EGG-INFO" * path.endswith(".egg")}
    if not ("name" in inside and "version" in inside):
        item["reqdrift"] = {"requires_dist": {"path": path, "why": "it has no name or no version"}}
    if link:
        item["direct_url"] = {"url": "file://" + link, "dir_info": {"editable": True}}
    elif direct is not None:
        try:
            about = json.loads(direct)
            item["direct_url"] = dict(about, url=masked(about["url"]))
        except (ValueError, TypeError, KeyError):
            trouble = {"path": path + "/direct_url.json", "why": "does not conform to PEP 610"}
            item.setdefault("reqdrift", {})["direct_url"] = trouble
    installer = (read(path, "INSTALLER") or "").strip().partition("\n")[0]
    item.update({"installer": installer} if installer else {})
    if entry.endswith(".dist-info"):
        item["requested"] = os.path.isfile(os.path.join(path, "REQUESTED"))
    return canonical(name), item


class Installed(object):
    """What is in the folders that are added; the first one of each project counts."""

    def __init__(self):
        self.items, self.hidden, self.broken, self.seen = {}, [], [], set()

    def add(self, folder, follow):
        """A folder, and what its `.pth` files and egg-links lead to."""
        if os.path.realpath(folder) in self.seen or not os.path.isdir(folder):
            return
        self.seen.add(os.path.realpath(folder))
        for name in sorted(os.listdir(folder), key=lambda n: (n[-4:] in (".pth", "link"), n)):
            path = os.path.join(folder, name)
            try:
                if name.endswith((".dist-info", ".egg-info")) and not name.startswith("~"):
                    self.one(path, folder)
                elif follow and name.endswith((".pth", ".egg-link")) and not name.startswith("."):
                    self.follow(path, folder, [ln.strip() for ln in (read(path) or "").split("\n")])
            except (EnvironmentError, ValueError) as error:
                why = "'%s' cannot be read: %s" % (path, getattr(error, "strerror", 0) or error)
                project = canonical(name.rpartition(".")[0].partition("-")[0] or name)
                self.broken.append({"project": project, "message": why})

    def follow(self, path, folder, lines):
        """What a `.pth` file or an egg-link leads to; code in a `.pth` file is not run here."""
        for line in filter(None, lines[:1] if path.endswith("-link") else lines):
            target = os.path.abspath(os.path.join(folder, line))
            if path.endswith("-link"):
                link, target = map(os.path.realpath, (os.path.join(target, *lines[1:2]), target))
                names = sorted(os.listdir(target)) if os.path.isdir(target) else ()
                for name in (name for name in names if name.endswith(".egg-info")):
                    self.one(os.path.join(target, name), folder, link)
            elif not line.startswith(("#", "import ", "import\t")) and os.path.exists(target):
                if target.endswith(".egg"):
                    self.one(target, target)
                self.add(target, False)

    def one(self, path, folder, link=""):
        """A distribution: of two in one folder the last one counts, otherwise the first."""
        name, item = item_of(path, link)
        known = self.items.get(name, (folder, item))
        known = self.items[name] = (folder, item) if link and known[0] != folder else known
        if known[1] is not item and known[0] == folder:
            why = "installed twice in %s: '%s' and '%s'; "
            why += "uninstall it until it is gone, then reinstall it"
            one, other = (os.path.basename(i["metadata_location"]) for i in (known[1], item))
            self.broken.append({"project": name, "message": why % (folder, one, other)})
            self.items[name], item = (folder, item), known[1]
        if self.items[name][1] is not item:
            self.hidden.append(item)


def report():
    """The report; under `reqdrift` is what pip does not report, as in `reqdrift inspect`."""
    ours = [p.decode("utf-8") if isinstance(p, bytes) else p for p in sys.path]
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sites = [p for p in ours if re.search("(site|dist)-packages$", p) and p not in named]
    base = getattr(sys, "real_prefix", getattr(sys, "base_prefix", sys.prefix))
    own = [p for p in sites if base == sys.prefix or p.startswith(sys.prefix + os.sep)]
    found = Installed()
    for folder in sites:
        found.add(folder, folder in own)
    about = getattr(sys, "implementation", None)  # Python 2 has none
    of = about.version if about else (0, 0, 0, "final", 0)
    kind = "" if of[3] == "final" else of[3][0] + str(of[4])
    environment = {
        "implementation_name": about.name if about else "",
        "implementation_version": "%d.%d.%d" % of[:3] + kind if about else "0",
        "os_name": os.name,
        "platform_python_implementation": platform.python_implementation(),
        "python_full_version": platform.python_version(),
        "python_version": "%d.%d" % sys.version_info[:2],
        "sys_platform": sys.platform,
    }
    for name in ("machine", "release", "system", "version"):
        environment["platform_" + name] = getattr(platform, name)()
    more = {"prefix": sys.prefix, "folders": own, "broken": found.broken, "hidden": found.hidden}
    items = [item for _, item in found.items.values()]
    return {"version": "1", "installed": items, "environment": environment, "reqdrift": more}


def main():
    """Report to Ansible, if it runs this, or to standard output."""
    if (__package__ or "").startswith("ansible"):
        from ansible.module_utils.basic import AnsibleModule  # it is there, and nowhere else

        AnsibleModule({}, supports_check_mode=True).exit_json(changed=False, record=report())
    print(json.dumps(report()))


if __name__ == "__main__":
    main()
