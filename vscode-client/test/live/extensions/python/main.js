// Stands in for the Python extension: the interpreter that somebody has chosen in it.
exports.activate = () => ({
  environments: {
    getActiveEnvironmentPath: () => ({ path: "chosen" }),
    resolveEnvironment: async ({ path }) => ({
      executable: { uri: path === "chosen" ? require("vscode").Uri.file(process.env.ST2C_CHOSEN_PYTHON) : undefined },
    }),
  },
});
