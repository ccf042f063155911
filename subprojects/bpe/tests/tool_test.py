"""tool_test.py BPE_TOOL: what bpe-tool says and returns when a file cannot be read or written."""
import base64
import os
import subprocess
import sys
import tempfile

TOOL = sys.argv[1]


def run(*words, stdout=subprocess.PIPE, **rest):
    return subprocess.run([TOOL, *words], text=True, stdout=stdout, stderr=subprocess.PIPE,
                          check=False, **rest)


def expect(holds, what, done):
    if not holds:
        sys.exit(f'{what}: status {done.returncode}, {done.stdout!r}, {done.stderr!r}')


with tempfile.TemporaryDirectory() as folder:
    ranks = os.path.join(folder, 'bytes.tiktoken')
    compiled = os.path.join(folder, 'bytes.bpe')
    with open(ranks, 'w', encoding='ascii') as out:
        for byte in range(256):
            out.write(f'{base64.b64encode(bytes([byte])).decode()} {byte}\n')

    done = run('install', '--pattern', 'cl100k', ranks, compiled)
    expect(done.returncode == 0 and '256 ids' in done.stdout, 'install', done)

    done = run('count', compiled, input='{"id":1,"text":"abc"}\n')
    expect(done.returncode == 0 and done.stdout == '{"id":1,"count":3}\n', 'count', done)

    done = run('count', compiled, folder)
    expect(done.returncode == 1 and f'cannot read {folder}' in done.stderr, 'a folder', done)

    descriptor = os.open(folder, os.O_RDONLY)
    done = run('count', compiled, stdin=descriptor)
    os.close(descriptor)
    expect(done.returncode == 1 and 'cannot read standard input' in done.stderr, 'stdin', done)

    done = run('count', compiled, os.path.join(folder, 'none'))
    expect(done.returncode == 1 and 'cannot open' in done.stderr, 'no file', done)

    with open('/dev/full', 'w', encoding='ascii') as full:
        done = run('count', compiled, stdout=full, input='{"id":1,"text":"abc"}\n')
    expect(done.returncode == 1 and 'cannot write' in done.stderr, 'a full disk', done)

    target = os.path.join(folder, 'target')
    os.mkdir(target)
    done = run('install', '--pattern', 'cl100k', ranks, target)
    expect(done.returncode == 1 and 'directory' in done.stderr, 'install over a folder', done)
    expect(sorted(os.listdir(folder)) == ['bytes.bpe', 'bytes.tiktoken', 'target'], 'rests', done)
