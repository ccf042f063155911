"""The ark binary from outside, without any server."""
import json
import os
import shutil
import stat
import subprocess
import unittest

from harness import ARK, SECRET, Case, main


class Basics(Case):
    def test_version(self):
        done = self.ok(self.home.run("--version"))
        self.assertRegex(done.out, r"^ark \d+\.\d+\.\d+\n$")
        self.assertEqual(done.err, "")

    def test_version_touches_nothing(self):
        self.home.write(".config/ark/config.yaml", "this: is wrong\n")
        self.ok(self.home.run("--version"))
        self.assertEqual(os.listdir(self.home.path), [".config"])

    def test_help_on_standard_output(self):
        done = self.ok(self.home.run("--help"))
        self.assertIn("Usage: ark COMMAND", done.out)
        for line in done.out.split("Commands:\n")[1].split("\n\n")[0].splitlines():
            name = line.split()[0] if line.startswith("  ") and line[2] != " " else None
            if not name:
                continue
            help_text = self.ok(self.home.run(name, "--help")).out
            self.assertLess(help_text.index("Examples:"), help_text.index("Usage: ark " + name))

    def test_wrong_usage_is_2_and_on_standard_error(self):
        for arguments in ([], ["nothing"], ["chat", "--nothing"], ["config"], ["models", "show"],
                          ["completion", "tcsh"], ["keys", "set"]):
            done = self.home.run(*arguments)
            self.assertEqual(done.code, 2, (arguments, done))
            self.assertEqual(done.out, "")
            self.assertNotEqual(done.err, "")

    def test_wrong_usage_as_json(self):
        done = self.ok(self.home.run("--json", "chat", "--nothing"), 2)
        self.assertEqual(json.loads(done.out)["error"]["code"], "invalid_request")

    def test_broken_pipe_is_a_success(self):
        for arguments in (["models", "list"], ["models", "list", "--json"], ["man"]):
            process = self.home.start(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdout.close()
            err = process.stderr.read()
            process.stderr.close()
            self.assertEqual(process.wait(30), 0, (arguments, err))

    def test_full_disk_is_told(self):
        with open("/dev/full", "wb") as full:
            process = self.home.start("models", "list", stdout=full, stderr=subprocess.PIPE)
            err = process.stderr.read().decode()
            process.stderr.close()
            self.assertEqual(process.wait(30), 3, err)
            self.assertIn("No space left", err)

    def test_colour_only_on_a_terminal(self):
        self.assertNotIn("\x1b", self.home.run("nothing").err)


class Config(Case):
    def test_precedence(self):
        def model():
            return self.ok(self.home.run("config", "get", "model")).out.strip()

        self.assertEqual(model(), "auto")
        self.home.write(".config/ark/config.yaml", "model: of/user\n")
        self.assertEqual(model(), "of/user")
        self.home.write("ark.yaml", "model: of/project\n")
        self.assertEqual(model(), "of/project")
        self.home.env["ARK_MODEL"] = "of/environment"
        self.assertEqual(model(), "of/environment")
        explained = self.ok(self.home.run("config", "explain", "model")).out
        self.assertIn("environment (ARK_MODEL)", explained)

    def test_xdg(self):
        self.home.env["XDG_CONFIG_HOME"] = self.home.file("xdg")
        self.ok(self.home.run("config", "set", "model", "a/b"))
        self.assertTrue(os.path.exists(self.home.file("xdg/ark/config.yaml")))

    def test_mistakes_have_file_line_and_field(self):
        self.home.write(".config/ark/config.yaml", "model: a\nledger:\n  pth: x\n")
        done = self.ok(self.home.run("config", "check"), 2)
        self.assertIn("config.yaml:3:3: ledger.pth: unknown field; did you mean 'path'?", done.err)
        self.ok(self.home.run("models", "list"), 2)

    def test_set_keeps_comments(self):
        path = self.home.write(".config/ark/config.yaml", "# mine\nmodel: a # why\n")
        self.ok(self.home.run("config", "set", "ledger.path", "/tmp/l"))
        self.ok(self.home.run("config", "set", "model", "b/c"))
        self.assertEqual(self.home.read(path),
                         "# mine\nmodel: b/c # why\nledger:\n  path: /tmp/l\n")

    def test_a_strangers_project_cannot_take_keys(self):  # T12
        for text in ("proxy: http://evil:1\n", "ca_file: evil.pem\n",
                     "vendors: {openai: {key_command: ./evil}}\n",
                     "vendor_directories: [.]\n"):
            self.home.write("ark.yaml", text)
            done = self.ok(self.home.run("config", "check"), 2)
            self.assertIn("ark.yaml:1", done.err)

    def test_verification_stays(self):  # T17
        self.home.write(".config/ark/config.yaml", "tls_verify: false\n")
        self.assertIn("cannot be turned off", self.ok(self.home.run("config", "check"), 2).err)
        os.remove(self.home.file(".config/ark/config.yaml"))
        self.assertIn("cannot be turned off",
                      self.ok(self.home.run("chat", "--insecure", "x"), 2).err)


class Replay(Case):
    def recording(self, name, **changed):
        recording = {"provider": "stranger", "op": "chat", "method": "POST", "status": 200,
                     "url": "https://host.test/v1/chat/completions",
                     "response_headers": {"content-type": "application/json"},
                     "response_body": json.dumps({"choices": [{"message": {"content": "hi"}}]})}
        return self.home.write(name, json.dumps({**recording, **changed}))

    def test_nothing_to_replay_is_an_error(self):
        os.makedirs(self.home.file("empty"))
        done = self.ok(self.home.run("replay", self.home.file("empty")), 2)
        self.assertIn("nothing to replay", done.err)
        self.assertEqual(done.out, "")

    def test_a_failure_is_told_with_file_and_reason(self):
        path = self.recording("bad.json", provider="openai", status=429,
                              response_body='{"error": {"message": "slow down"}}')
        done = self.ok(self.home.run("replay", path))
        self.assertIn("bad.json: rate_limit: ", done.err)
        self.assertIn("slow down", done.err)
        path = self.home.write("broken.json", "{")
        self.assertIn("broken.json: ", self.ok(self.home.run("replay", path), 2).err)

    def test_any_row_can_be_named(self):
        path = self.recording("one.json")
        done = self.ok(self.home.run("replay", path))
        self.assertIn('one.json: unsupported: no vendor row is called "stranger"', done.err)
        row = json.loads(self.ok(self.home.run("replay", "--json", "--vendor", "custom", path)).out)
        self.assertEqual((row["vendor"], row["outcome"], row["text"]), ("custom", "reply", "hi"))
        self.assertIn("nobody", self.ok(self.home.run("replay", "--vendor", "nobody", path), 2).err)


class Keys(Case):
    def test_stored_privately_and_never_shown(self):
        shown = []
        done = self.ok(self.home.run("keys", "set", "openai", stdin=SECRET + "\n"))
        shown.append(done)
        path = self.home.file(".config/ark/keys")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode), 0o700)
        for arguments in (["keys", "list"], ["keys", "list", "--json"], ["config", "explain"],
                          ["doctor"], ["doctor", "--json"], ["chat", "--explain", "x"]):
            shown.append(self.home.run(*arguments))
        for each in shown:
            self.assertNotIn(SECRET, each.out + each.err)
        self.ok(self.home.run("keys", "remove", "openai"))
        self.assertNotIn(SECRET, self.home.read(path))

    def test_files_that_are_not_private_are_refused(self):  # S05
        self.home.write(".config/ark/keys", f"openai = {SECRET}\n", 0o644)
        for arguments in (["keys", "list"], ["keys", "set", "groq"],
                          ["chat", "-m", "openai/gpt-5-mini", "x"]):
            done = self.ok(self.home.run(*arguments, stdin="k\n"), 2)
            self.assertIn("chmod 600", done.err)
            self.assertNotIn(SECRET, done.out + done.err)

    def test_links_are_refused(self):  # S06
        target = self.home.write("elsewhere/keys", f"openai = {SECRET}\n")
        os.makedirs(self.home.file(".config/ark"), mode=0o700)
        os.symlink(target, self.home.file(".config/ark/keys"))
        self.assertIn("symbolic link", self.ok(self.home.run("keys", "list"), 2).err)
        os.remove(self.home.file(".config/ark/keys"))
        os.rmdir(self.home.file(".config/ark"))
        os.chmod(self.home.file("elsewhere"), 0o700)
        os.symlink(self.home.file("elsewhere"), self.home.file(".config/ark"))
        self.assertIn("symbolic link", self.ok(self.home.run("keys", "list"), 2).err)

    def test_never_as_an_argument(self):
        self.ok(self.home.run("keys", "set", "openai", SECRET), 2)
        self.assertFalse(os.path.exists(self.home.file(".config/ark/keys")))


class Generated(Case):
    @unittest.skipUnless(shutil.which("bash"), "skipped: no bash")
    def test_bash_completes(self):
        script = self.home.write("c.bash", self.ok(self.home.run("completion", "bash")).out)

        def complete(*words):
            line = " ".join(f"'{w}'" for w in words)
            program = (f"complete -p ark 2>/dev/null; source {script}; COMP_WORDS=({line}); "
                       f"COMP_CWORD={len(words) - 1}; _ark; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
            done = subprocess.run(["bash", "--norc", "-c", program], capture_output=True, text=True,
                                  env=self.home.env)
            self.assertEqual(done.stderr, "")
            return done.stdout.split()

        self.assertIn("chat", complete("ark", "ch"))
        self.assertIn("explain", complete("ark", "config", "ex"))
        self.assertIn("--no-stream", complete("ark", "chat", "--no-s"))
        self.assertEqual(complete("ark", "chat", "--reasoning", "mi"), ["minimal"])
        self.home.env["PATH"] = os.path.dirname(ARK) + ":" + self.home.env["PATH"]
        for verb in ("set", "remove"):
            self.assertEqual(complete("ark", "keys", verb, "stepf"), ["stepfun"])
        for verb in ("get", "set", "explain"):
            self.assertEqual(complete("ark", "config", verb, "ledger.p"), ["ledger.path"])
        self.assertIn("vendors.openai.base_url",
                      complete("ark", "config", "set", "vendors.openai."))
        self.assertEqual(complete("ark", "completion", "z"), ["zsh"])
        self.home.write("openings.txt", "")
        self.assertEqual(complete("ark", "ledger", "--ledger", self.home.file("openi")),
                         [self.home.file("openings.txt")])

    def test_zsh_and_fish_scripts_load(self):
        for shell, arguments in (("zsh", ["-n"]), ("fish", ["-n"])):
            if shutil.which(shell):
                script = self.ok(self.home.run("completion", shell)).out
                path = self.home.write("c." + shell, script)
                done = subprocess.run([shell, *arguments, path], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("groff"), "skipped: no groff")
    def test_man_page_is_good_roff(self):
        page = self.ok(self.home.run("man")).out
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=page, text=True,
                              capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


class Doctor(Case):
    def test_good_and_bad(self):
        done = self.home.run("doctor", "--json")
        checks = {c["what"]: c["state"] for c in json.loads(done.out)["checks"]}
        self.assertEqual(checks["ledger"], "ok", done)
        self.home.write(".config/ark/keys", "openai = x\n", 0o666)
        done = self.ok(self.home.run("doctor"), 1)
        self.assertIn("chmod 600", done.out)


if __name__ == "__main__":
    assert ARK
    main()
