"""Programs and files out of npm packages, kept in the build folder. Without npm: a named skip."""
import os
import subprocess
import tempfile
import tarfile
import unittest


def folder(name):
    made = os.environ.get("ARK_NPM_CACHE") or os.path.join(tempfile.gettempdir(), "ark-" + name)
    os.makedirs(made, exist_ok=True)
    return made


def ran(command, timeout_s):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s)
    except subprocess.TimeoutExpired:
        raise unittest.SkipTest("skipped: the npm registry does not answer")
    return done.returncode == 0


def install(npm, where, made, *packages):
    """Installs the packages below `where`; `made`: a file that is there afterwards."""
    if os.path.exists(made):
        return
    if not ran([npm, "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts",
                "--prefix", where, *packages], 240) or not os.path.exists(made):
        raise unittest.SkipTest("skipped: npm cannot install " + " ".join(packages))


def extract(npm, where, package, member):
    """The path of one file out of a package, whose others are not unpacked."""
    made = os.path.join(where, os.path.basename(member))
    if os.path.exists(made):
        return made
    with tempfile.TemporaryDirectory(dir=where) as packed:
        if not ran([npm, "pack", "--silent", "--pack-destination", packed, package], 240):
            raise unittest.SkipTest("skipped: npm cannot fetch " + package)
        with tarfile.open(os.path.join(packed, os.listdir(packed)[0])) as archive:
            text = archive.extractfile("package/" + member).read()
    with open(made + ".part", "wb") as out:
        out.write(text)
    os.rename(made + ".part", made)
    return made
