// Runs pytest on the CPython of pyodide; see wasm.py.
import { loadPyodide } from "pyodide";

const [repository, packages, ...words] = process.argv.slice(2);
const pyodide = await loadPyodide({ env: { HOME: "/home", PYENV_ROOT: "/none", PATH: "/none" } });
for (const [folder, root] of [["/reqdrift", repository], ["/packages", packages]]) {
  pyodide.FS.mkdirTree(folder);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root }, folder);
}
pyodide.globals.set("words", pyodide.toPy(words));
const code = await pyodide.runPythonAsync(`
import os, sys
sys.dont_write_bytecode = True
sys.path[:0] = ["/reqdrift", "/packages", "/reqdrift/tools"]
os.chdir("/reqdrift")
print("CPython", sys.version.split()[0], "on", sys.platform)
import pytest
int(pytest.main(list(words)))
`);
process.exit(code);
