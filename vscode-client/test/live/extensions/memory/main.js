// A workspace that is on no disk: one workflow in one folder.
const vscode = require("vscode");

const TEXT = "version: 1.0\ntasks:\n  one:\n    action: core.noop\n    next:\n      - do: twoo\n  two:\n    action: core.noop\n";
const FILE = { type: vscode.FileType.File, ctime: 0, mtime: 0, size: TEXT.length };
const FOLDER = { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };

exports.activate = (context) => {
  const none = () => undefined;
  const provider = {
    onDidChangeFile: new vscode.EventEmitter().event,
    watch: () => new vscode.Disposable(none),
    stat: (uri) => {
      if (uri.path === "/pack/workflow.yaml") return FILE;
      if (uri.path === "/pack" || uri.path === "/") return FOLDER;
      throw vscode.FileSystemError.FileNotFound(uri);
    },
    readDirectory: () => [["workflow.yaml", vscode.FileType.File]],
    readFile: () => new TextEncoder().encode(TEXT),
    createDirectory: none,
    writeFile: none,
    delete: none,
    rename: none,
  };
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider("st2memory", provider, { isReadonly: true }));
};
